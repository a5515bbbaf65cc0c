//! Tables `cases` and `timeline`.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, EventId, OrganisationId},
    region::RegionCode,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, IntoSql as _, QueryDsl as _, Queryable,
    Selectable, SelectableHelper as _, dsl::exists, sql_types::Bool,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::matters::visible;
use crate::{
    domain::{
        case::CaseStatus, dispute_case::DisputeCase, matter::Matter, public_fact::PublicFact,
    },
    schema::{cases, matters, timeline},
};

/// A line of a case's timeline.
#[derive(Queryable, Selectable)]
#[diesel(table_name = timeline)]
pub struct Entry {
    /// The event it comes from; for a fact of intake's own, an id made for the line.
    pub event_id: EventId,
    /// What happened.
    pub fact: PublicFact,
    /// When.
    pub happened_at: DateTime<Utc>,
}

/// Where a page of a timeline ended.
pub type PageKey = (DateTime<Utc>, EventId);

/// Opens the case of a new matter.
pub async fn open(tx: &mut Tx, matter: &Matter) -> Result<(), Problem> {
    let (fact, at) = (PublicFact::Registered, matter.created_at);
    diesel::insert_into(cases::table)
        .values((
            cases::id.eq(matter.case_id),
            cases::region.eq(matter.region),
            cases::status.eq(fact.status()),
            cases::status_order.eq(fact.status().order(at)),
            cases::status_at.eq(at),
        ))
        .execute(tx.conn())
        .await?;
    let line = tx.new_id();
    append(tx, matter.case_id, line, fact, at);
    Ok(())
}

/// Notes what intake itself made of a case.
pub fn note_own(tx: &mut Tx, case: CaseId, fact: PublicFact, at: DateTime<Utc>) {
    let line = tx.new_id();
    note(tx, case, line, fact, at);
}

/// Notes a fact of a case that another service published: a line of the timeline, and the status when no fact further on
/// was noted before and the case was not opened again since. Noting an event again changes nothing.
pub fn note(tx: &mut Tx, case: CaseId, event: EventId, fact: PublicFact, at: DateTime<Utc>) {
    append(tx, case, event, fact, at);
    let (status, order) = (fact.status(), fact.status().order(at));
    // What the court says is told by another service than that which then mediates anew.
    let dismissed = [
        PublicFact::ConfirmationDismissed,
        PublicFact::ConfirmationNotAccepted,
    ];
    let comes_alone = !dismissed.contains(&fact);
    let unless_further_on = cases::table
        .find(case)
        .filter(cases::status_order.lt(order))
        .filter(cases::status_at.le(at).or(comes_alone.into_sql::<Bool>()))
        .filter(cases::reopened_at.is_null().or(cases::reopened_at.le(at)));
    tx.later(diesel::update(unless_further_on).set((
        cases::status.eq(status),
        cases::status_order.eq(order),
        cases::status_at.eq(at),
    )));
}

/// Notes that a case was closed, from which its window for opening it again is counted.
pub fn note_closed(tx: &mut Tx, case: CaseId, event: EventId, at: DateTime<Utc>) {
    note(tx, case, event, PublicFact::Closed, at);
    let unless_reopened = cases::table
        .find(case)
        .filter(cases::reopened_at.is_null().or(cases::reopened_at.le(at)));
    tx.later(diesel::update(unless_reopened).set(cases::closed_at.eq(at)));
}

/// Notes that the work on a case was sent back to the organ that had finished it: the one fact that leads from the follow-up to an
/// earlier phase without the case being opened again.
pub fn note_reworked(tx: &mut Tx, case: CaseId, event: EventId, at: DateTime<Utc>) {
    let fact = PublicFact::OtherWayReworked;
    append(tx, case, event, fact, at);
    let finished = [CaseStatus::OtherRoute, CaseStatus::FollowUp];
    let unless_further_on = cases::table
        .find(case)
        .filter(cases::status.eq_any(finished))
        .filter(cases::status_at.le(at));
    tx.later(diesel::update(unless_further_on).set((
        cases::status.eq(fact.status()),
        cases::status_order.eq(fact.status().order(at)),
        cases::status_at.eq(at),
    )));
}

/// Notes that all parties are asked for their consent. After the court did not confirm what was agreed it leads from performance
/// to an earlier phase (transition 23).
pub fn note_opened(tx: &mut Tx, case: CaseId, event: EventId, at: DateTime<Utc>) {
    let fact = PublicFact::ConsentAsked;
    note(tx, case, event, fact, at);
    let agreed = [CaseStatus::Performing, CaseStatus::Defaulted];
    let unless_further_on = cases::table
        .find(case)
        .filter(cases::status.eq_any(agreed))
        .filter(cases::status_at.le(at));
    tx.later(diesel::update(unless_further_on).set((
        cases::status.eq(fact.status()),
        cases::status_order.eq(fact.status().order(at)),
        cases::status_at.eq(at),
    )));
}

/// Notes which organisation the order in force names.
pub fn note_organisation(tx: &mut Tx, case: CaseId, organisation: OrganisationId) {
    tx.later(diesel::update(cases::table.find(case)).set(cases::organisation_id.eq(organisation)));
}

/// Notes that an organisation does not answer for a case any more: it reads no matter of it.
pub fn forget_organisation(tx: &mut Tx, case: CaseId, organisation: OrganisationId) {
    let held = cases::table
        .find(case)
        .filter(cases::organisation_id.eq(organisation));
    tx.later(diesel::update(held).set(cases::organisation_id.eq(None::<OrganisationId>)));
}

/// Notes the dispute type triage decided.
pub fn note_type(tx: &mut Tx, case: CaseId, type_code: String) {
    tx.later(diesel::update(cases::table.find(case)).set(cases::type_code.eq(type_code)));
}

/// Notes which node answers for a case.
pub fn note_node(tx: &mut Tx, case: CaseId, node: RegionCode) {
    tx.later(diesel::update(cases::table.find(case)).set(cases::node.eq(node)));
}

/// Opens a case that did not come with a new matter: one that was split off.
pub async fn open_split(tx: &mut Tx, from: &DisputeCase, id: CaseId) -> Result<(), Problem> {
    let (status, now) = (CaseStatus::Accepted, tx.now());
    diesel::insert_into(cases::table)
        .values((
            cases::id.eq(id),
            cases::region.eq(from.region),
            cases::status.eq(status),
            cases::status_order.eq(status.order(now)),
            cases::status_at.eq(now),
            cases::node.eq(from.node),
        ))
        .execute(tx.conn())
        .await?;
    let line = tx.new_id();
    append(tx, id, line, PublicFact::Split, now);
    Ok(())
}

/// Notes the closed case whose dispute came back in this one.
pub async fn set_recurrence(tx: &mut Tx, case: CaseId, earlier: CaseId) -> Result<(), Problem> {
    diesel::update(cases::table.find(case))
        .set(cases::recurrence_of.eq(earlier))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Tells something that leaves the status as it is.
pub fn tell(tx: &mut Tx, case: CaseId, fact: PublicFact) {
    let (line, now) = (tx.new_id(), tx.now());
    append(tx, case, line, fact, now);
}

/// Tells a fact that leaves the case where it stands: a line of the timeline only.
pub fn tell_event(tx: &mut Tx, case: CaseId, event: EventId, fact: PublicFact, at: DateTime<Utc>) {
    append(tx, case, event, fact, at);
}

/// Adds a line to the timeline, once.
fn append(tx: &mut Tx, case: CaseId, event: EventId, fact: PublicFact, at: DateTime<Utc>) {
    let line = (
        timeline::event_id.eq(event),
        timeline::case_id.eq(case),
        timeline::fact.eq(fact),
        timeline::happened_at.eq(at),
    );
    tx.later(
        diesel::insert_into(timeline::table)
            .values(line)
            .on_conflict_do_nothing(),
    );
}

/// The case, or `not-found` when the caller may see none of its matters; also a case whose matters were moved to another one.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: CaseId,
    scope: &Scope,
) -> Result<DisputeCase, Problem> {
    // By equality alone: no index finds what IS NOT DISTINCT FROM asks for.
    let of_case = matters::case_id.eq(id).or(matters::original_case_id.eq(id));
    let seen = exists(visible(scope).filter(of_case));
    let query = cases::table.filter(cases::id.eq(id)).filter(seen);
    Ok(query.select(DisputeCase::as_select()).first(conn).await?)
}

/// The case, whoever asks.
pub async fn find(conn: &mut AsyncPgConnection, id: CaseId) -> Result<DisputeCase, Problem> {
    let query = cases::table.find(id).select(DisputeCase::as_select());
    Ok(query.first(conn).await?)
}

/// One page of a case's timeline, the oldest first.
pub async fn timeline(
    conn: &mut AsyncPgConnection,
    case: CaseId,
    page: &Page,
) -> Result<Vec<Entry>, Problem> {
    let mut query = timeline::table
        .filter(timeline::case_id.eq(case))
        .into_boxed();
    if let Some((at, event)) = page.after::<PageKey>()? {
        let at_that_time = timeline::happened_at
            .eq(at)
            .and(timeline::event_id.gt(event));
        query = query.filter(timeline::happened_at.gt(at).or(at_that_time));
    }
    let query = query
        .order((timeline::happened_at, timeline::event_id))
        .limit(page.fetch());
    Ok(query.select(Entry::as_select()).load(conn).await?)
}
