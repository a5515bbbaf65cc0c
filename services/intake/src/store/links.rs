//! Table `matter_links`, and what may have to be linked.

use chassis::{
    db::{Tx, statement},
    http::{Problem, Scope},
};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::{
    events::intake::LinkKind,
    ids::{EventId, MatterId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, QueryableByName,
    SelectableHelper as _, dsl::exists, sql_types::Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use policy::sections::intake::Duplicates;

use super::matters::visible;
use crate::{
    domain::{link::MatterLink, matter::Matter},
    schema::{cases, matter_links, matters, undone_links},
};

/// Stores a link.
///
/// # Errors
/// `conflict` when the pair is linked.
pub async fn insert(tx: &mut Tx, link: &MatterLink) -> Result<(), Problem> {
    diesel::insert_into(matter_links::table)
        .values(link)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes a link away and keeps that it was, who undid it and why.
///
/// # Errors
/// `stale-version` when somebody else undid it first.
pub async fn undo(tx: &mut Tx, link: &MatterLink, reason: &str, by: &str) -> Result<(), Problem> {
    let row = matter_links::table.find((link.matter_id, link.other_matter_id));
    if diesel::delete(row).execute(tx.conn()).await? != 1 {
        return Err(Problem::new(&common::STALE_VERSION));
    }
    let (id, now): (EventId, _) = (tx.new_id(), tx.now());
    let undone = (
        undone_links::undone_reason.eq(reason.trim().to_owned()),
        undone_links::undone_by.eq(by.to_owned()),
        undone_links::undone_at.eq(now),
    );
    let was = (
        undone_links::id.eq(id),
        undone_links::matter_id.eq(link.matter_id),
        undone_links::other_matter_id.eq(link.other_matter_id),
        undone_links::kind.eq(link.kind),
        undone_links::reason.eq(link.reason.clone()),
        undone_links::linked_by.eq(link.linked_by.clone()),
        undone_links::linked_at.eq(link.linked_at),
    );
    tx.later(diesel::insert_into(undone_links::table).values((was, undone)));
    Ok(())
}

/// The links of a matter, in either direction, the oldest first.
pub async fn of(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<Vec<MatterLink>, Problem> {
    let either = matter_links::matter_id
        .eq(matter)
        .or(matter_links::other_matter_id.eq(matter));
    let query = matter_links::table
        .filter(either)
        .order((matter_links::linked_at, matter_links::matter_id));
    Ok(query.select(MatterLink::as_select()).load(conn).await?)
}

/// The matters that a matter was found to be a duplicate of, or that were found to be duplicates of it.
pub async fn others(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<Vec<MatterId>, Problem> {
    let links = of(conn, matter).await?;
    let duplicates = links
        .into_iter()
        .filter(|link| link.kind == LinkKind::Duplicate)
        .map(|link| {
            if link.matter_id == matter {
                link.other_matter_id
            } else {
                link.matter_id
            }
        });
    Ok(duplicates.collect())
}

/// What a matter may be a duplicate of, as far as the caller may see it, the newest first, with what was said: matters of the same
/// effective type (triage's, else the one named at registration; a matter without one may be of any) that were registered in the
/// window before it. Those with a party of it come first, however many others there are.
pub async fn candidates(
    conn: &mut AsyncPgConnection,
    matter: &Matter,
    rule: &Duplicates,
    scope: &Scope,
) -> Result<(Vec<(Matter, String)>, Vec<MatterId>), Problem> {
    let of_case = cases::table.find(matter.case_id).select(cases::type_code);
    let decided: Option<String> = of_case.first(conn).await?;
    let own_type = decided.or_else(|| matter.type_hint.clone());
    let until: DateTime<Utc> = matter.created_at;
    let in_window = || {
        let mut query = visible(scope)
            .filter(matters::id.ne(matter.id))
            .filter(matters::created_at.le(until))
            .filter(matters::created_at.ge(until - TimeDelta::days(rule.window_days)));
        if let Some(code) = own_type.clone() {
            let case = || cases::table.filter(cases::id.eq(matters::case_id));
            let undecided = exists(case().filter(cases::type_code.is_null()));
            let same = exists(case().filter(cases::type_code.eq(code.clone())));
            let named = matters::type_hint.eq(code).or(matters::type_hint.is_null());
            query = query.filter(same.or(undecided.and(named)));
        }
        query
            .order((matters::created_at.desc(), matters::id.desc()))
            .limit(rule.compare_most)
    };
    let columns = (Matter::as_select(), matters::narrative);
    let known = with_same_party(conn, matter.id).await?;
    let same = in_window().filter(matters::id.eq_any(known.clone()));
    let mut found: Vec<(Matter, String)> = same.select(columns).load(conn).await?;
    let columns = (Matter::as_select(), matters::narrative);
    let others = in_window().filter(matters::id.ne_all(known));
    let same_party = found.iter().map(|(other, _)| other.id).collect();
    found.extend(others.select(columns).load(conn).await?);
    Ok((found, same_party))
}

/// The matters of which a party of `matter` is a party too: by the number of its document, else by name and telephone.
async fn with_same_party(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<Vec<MatterId>, Problem> {
    let query = statement(
        "SELECT DISTINCT other.matter_id AS id FROM parties AS own JOIN parties AS other
             ON other.identifier_number = own.identifier_number OR (other.name = own.name AND other.phone = own.phone)
         WHERE own.matter_id = $1 AND other.matter_id <> $1",
    );
    let rows: Vec<Found> = query.bind::<SqlUuid, _>(matter).load(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    id: MatterId,
}
