//! Counting a period from the event log, as a node counted it at the end of a day.
//!
//! The ledger holds what is known now. Here only events up to a day and of one subtree count, so that a level above gets a
//! lower node's numbers from that node's facts, even when other nodes worked on the same cases.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use chrono::NaiveDate;
use contracts::{border::GOES_UP, events::reporting::PeriodEvents, region::RegionCode};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Date, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};

use super::subtree;
use crate::domain::{
    snapshot::{Line, Snapshot},
    span::Span,
};

#[derive(QueryableByName)]
struct Kind {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Makes all that a transaction reads from one moment, and gives counting time. Must be its first statement.
pub async fn steady(tx: &mut Tx) -> Result<(), Problem> {
    tx.conn()
        .batch_execute(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = '120s'",
        )
        .await?;
    Ok(())
}

/// The numbers of the cases first accepted in the span at `node` or under it, by what happened there to the end of
/// `counted_to`. A case that was merged into another one by then counts there.
pub async fn take(
    conn: &mut AsyncPgConnection,
    node: RegionCode,
    span: Span,
    counted_to: NaiveDate,
) -> Result<Snapshot, Problem> {
    let (least, above) = subtree::bounds(node);
    let lines = statement(
        "WITH accepted AS (
             SELECT DISTINCT ON (subject) subject, source AS node, (payload ->> 'amount_fen')::bigint AS amount_fen
             FROM event_log
             WHERE kind = 'matter.accepted' AND day BETWEEN $3 AND $4 AND source >= $1 AND source < $2
             ORDER BY subject, occurred_at, source)
         SELECT a.node, coalesce(decided.type_code, '') AS type_code, coalesce(ended.outcome, '') AS outcome,
                count(*) AS received, coalesce(sum(a.amount_fen), 0)::bigint AS amount_fen
         FROM accepted AS a
         LEFT JOIN LATERAL (
             SELECT payload ->> 'type_code' AS type_code FROM event_log AS e
             WHERE e.subject = a.subject AND e.kind = 'triage.decided' AND e.day <= $5
               AND e.source >= $1 AND e.source < $2
             ORDER BY e.occurred_at DESC, e.event_id DESC LIMIT 1) AS decided ON true
         LEFT JOIN LATERAL (
             SELECT CASE e.kind
                        WHEN 'mediation.ended' THEN payload ->> 'outcome'
                        WHEN 'dispatch.completed' THEN
                            CASE WHEN (payload ->> 'settled')::boolean THEN 'other_settled' ELSE 'other_ended' END
                    END AS outcome
             FROM event_log AS e
             WHERE e.subject = a.subject AND e.kind IN ('mediation.ended', 'dispatch.completed', 'dispatch.reworked')
               AND e.day <= $5
               AND e.source >= $1 AND e.source < $2
             ORDER BY e.occurred_at DESC, e.event_id DESC LIMIT 1) AS ended ON true
         WHERE NOT EXISTS (
             SELECT FROM event_log AS e
             WHERE e.subject = a.subject AND e.kind = 'matter.accepted' AND e.day < $3
               AND e.source >= $1 AND e.source < $2)
           AND NOT EXISTS (
             SELECT FROM event_log AS e
             WHERE e.subject = a.subject AND e.kind = 'case.merged' AND e.day <= $5
               AND e.source >= $1 AND e.source < $2)
         GROUP BY 1, 2, 3",
    )
    .bind::<Text, _>(&least)
    .bind::<Text, _>(&above)
    .bind::<Date, _>(span.begins)
    .bind::<Date, _>(span.ends)
    .bind::<Date, _>(counted_to)
    .get_results::<Line>(conn)
    .await?;
    let events = statement(
        "SELECT kind, count(*) AS count FROM event_log
         WHERE source >= $1 AND source < $2 AND day BETWEEN $3 AND $4 AND kind = ANY($5) GROUP BY kind",
    )
    .bind::<Text, _>(&least)
    .bind::<Text, _>(&above)
    .bind::<Date, _>(span.begins)
    .bind::<Date, _>(span.ends)
    .bind::<Array<Text>, _>(GOES_UP.to_vec())
    .get_results::<Kind>(conn)
    .await?;
    let events = events.into_iter().map(|one| PeriodEvents {
        kind: one.kind,
        count: one.count,
    });
    Ok(Snapshot::new(lines, events.collect()))
}
