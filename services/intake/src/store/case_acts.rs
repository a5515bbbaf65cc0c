//! What people decide about whole cases: table `case_acts`, and the matters and parties that move with it.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use chrono::{DateTime, Utc};
use contracts::ids::{CaseId, EventId, MatterId};
use diesel::{
    ExpressionMethods as _, QueryDsl as _, SelectableHelper as _,
    sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::{
        case::CaseStatus, dispute_case::DisputeCase, matter::Matter, public_fact::PublicFact,
    },
    schema::{case_acts, cases, matters},
};

/// What somebody decided.
pub struct Act<'a> {
    /// `reopen`, `recurrence`, `merge` or `split`.
    pub act: &'static str,
    /// The case it is about.
    pub case_id: CaseId,
    /// The other case, when there is one.
    pub other_case_id: Option<CaseId>,
    /// A code of the policy pack.
    pub reason_code: Option<&'a str>,
    /// Why, in words.
    pub reason: Option<&'a str>,
    /// Subject of who decided.
    pub by: &'a str,
}

/// Keeps a decision.
pub async fn record(tx: &mut Tx, act: &Act<'_>) -> Result<(), Problem> {
    let (id, now): (EventId, _) = (tx.new_id(), tx.now());
    diesel::insert_into(case_acts::table)
        .values((
            case_acts::id.eq(id),
            case_acts::case_id.eq(act.case_id),
            case_acts::act.eq(act.act),
            case_acts::other_case_id.eq(act.other_case_id),
            case_acts::reason_code.eq(act.reason_code),
            case_acts::reason.eq(act.reason),
            case_acts::done_by.eq(act.by),
            case_acts::done_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Locks cases against each other's commands, always in the same order. Those a caller may not see were refused before.
pub async fn lock(tx: &mut Tx, ids: &[CaseId]) -> Result<Vec<DisputeCase>, Problem> {
    let query = cases::table
        .filter(cases::id.eq_any(ids))
        .order(cases::id)
        .for_update()
        .select(DisputeCase::as_select());
    Ok(query.load(tx.conn()).await?)
}

/// The matters of a case, the oldest first.
pub async fn matters_of(
    conn: &mut AsyncPgConnection,
    case: CaseId,
) -> Result<Vec<Matter>, Problem> {
    let query = matters::table
        .filter(matters::case_id.eq(case))
        .order((matters::created_at, matters::id))
        .select(Matter::as_select());
    Ok(query.load(conn).await?)
}

/// The cases that were merged into this one.
pub async fn led_by(conn: &mut AsyncPgConnection, case: CaseId) -> Result<Vec<CaseId>, Problem> {
    let query = cases::table.filter(cases::merged_into.eq(case));
    Ok(query.order(cases::id).select(cases::id).load(conn).await?)
}

/// Moves matters with their parties to another case; each remembers the case it was registered with.
pub async fn move_matters(tx: &mut Tx, ids: &[MatterId], to: CaseId) -> Result<(), Problem> {
    let now = tx.now();
    statement(
        "UPDATE matters SET original_case_id = coalesce(original_case_id, case_id), case_id = $2, version = version + 1,
             updated_at = $3 WHERE id = ANY($1)",
    )
    .bind::<Array<SqlUuid>, _>(ids.to_vec())
    .bind::<SqlUuid, _>(to)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())
    .await?;
    statement(
        "UPDATE parties SET original_case_id = coalesce(original_case_id, case_id), case_id = $2 WHERE matter_id = ANY($1)",
    )
    .bind::<Array<SqlUuid>, _>(ids.to_vec())
    .bind::<SqlUuid, _>(to)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Says that a case was merged into another one.
pub async fn set_leading(tx: &mut Tx, case: CaseId, leading: CaseId) -> Result<(), Problem> {
    diesel::update(cases::table.find(case))
        .set(cases::merged_into.eq(leading))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Opens a closed case again: from now on only newer facts move its status.
pub async fn reopen(tx: &mut Tx, case: CaseId) -> Result<(), Problem> {
    let (now, status) = (tx.now(), CaseStatus::Accepted);
    diesel::update(cases::table.find(case))
        .set((
            cases::status.eq(status),
            cases::status_order.eq(status.order(now)),
            cases::status_at.eq(now),
            cases::reopened_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes for the cases merged into a leading one what happened to it: a line of their timelines and a status. `event` makes
/// the lines' ids, so that noting it again changes nothing.
pub fn note_led(
    tx: &mut Tx,
    leading: CaseId,
    event: EventId,
    (fact, status): (PublicFact, CaseStatus),
    at: DateTime<Utc>,
) {
    tx.later(
        statement(
            "UPDATE cases SET status = $2, status_order = $3, status_at = $4,
                 closed_at = CASE WHEN $2 = 'merged' THEN NULL ELSE coalesce(closed_at, $4) END WHERE merged_into = $1",
        )
        .bind::<SqlUuid, _>(leading)
        .bind::<Text, _>(status.as_str())
        .bind::<BigInt, _>(status.order(at))
        .bind::<Timestamptz, _>(at),
    );
    tx.later(
        statement(
            "INSERT INTO timeline (event_id, case_id, fact, happened_at)
             SELECT md5($2::text || id::text)::uuid, id, $3, $4 FROM cases WHERE merged_into = $1 ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(leading)
        .bind::<SqlUuid, _>(event)
        .bind::<Text, _>(fact.as_str())
        .bind::<Timestamptz, _>(at),
    );
}
