//! Tables `cases` and `timeline`.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, EventId},
    region::RegionCode,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, Queryable, Selectable,
    SelectableHelper as _, dsl::exists,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::matters::visible;
use crate::{
    domain::{
        case::{CaseStatus, PublicFact},
        matter::Matter,
    },
    schema::{cases, matters, timeline},
};

/// How a case stands.
#[derive(Queryable, Selectable)]
#[diesel(table_name = cases)]
pub struct Case {
    /// The case.
    pub id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Its public status.
    pub status: CaseStatus,
    /// Since when.
    pub status_at: DateTime<Utc>,
}

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
/// was noted before. Noting an event again changes nothing.
pub fn note(tx: &mut Tx, case: CaseId, event: EventId, fact: PublicFact, at: DateTime<Utc>) {
    append(tx, case, event, fact, at);
    let (status, order) = (fact.status(), fact.status().order(at));
    let unless_further_on = cases::table
        .find(case)
        .filter(cases::status_order.lt(order));
    tx.later(diesel::update(unless_further_on).set((
        cases::status.eq(status),
        cases::status_order.eq(order),
        cases::status_at.eq(at),
    )));
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

/// The case, or `not-found` when the caller may see none of its matters.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: CaseId,
    scope: &Scope,
) -> Result<Case, Problem> {
    let seen = exists(visible(scope).filter(matters::case_id.eq(id)));
    let query = cases::table.filter(cases::id.eq(id)).filter(seen);
    Ok(query.select(Case::as_select()).first(conn).await?)
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
