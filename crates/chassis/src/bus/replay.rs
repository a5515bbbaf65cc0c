//! Publishing events of the outbox again, on request (`fengqiao outbox replay --since`).

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Nullable, Timestamptz},
};
use diesel_async::RunQueryDsl as _;

use super::sweep::too_old;
use crate::{
    db::{Cause, Db, Tx, statement},
    http::Problem,
};

/// Events marked by one transaction, so that none of them runs long.
const AT_ONCE: i64 = 5000;

/// Where a transaction ended, and how many it marked.
#[derive(QueryableByName)]
struct Marked {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    occurred_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<BigInt>)]
    id: Option<i64>,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Marks the published events since `since` for publishing again, as far as they are of the last `keep_days` days; the relay does
/// the rest. Consumers that applied them ignore them, and remember for that long. Gives how many. What was marked before an error
/// stays marked.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn replay_since(db: &Db, since: DateTime<Utc>, keep_days: u32) -> Result<i64, Problem> {
    let mut from = since.max(too_old(db.time().now(), keep_days));
    let (mut after, mut count) = (0_i64, 0_i64);
    loop {
        let cause = Cause::new(db.time());
        let work = async |tx: &mut Tx| mark(tx, from, after).await;
        let marked = db.tx("outbox.replay", &cause, work).await?;
        count += marked.count;
        let (Some(occurred_at), Some(id)) = (marked.occurred_at, marked.id) else {
            return Ok(count);
        };
        (from, after) = (occurred_at, id);
    }
}

/// Marks the next ones from a time on, and among those of that time after an id.
async fn mark(tx: &mut Tx, from: DateTime<Utc>, after: i64) -> Result<Marked, Problem> {
    let marked = statement(
        "WITH woken AS (SELECT pg_notify(current_schema() || '_outbox', '')),
         chosen AS MATERIALIZED (
             SELECT id, occurred_at FROM outbox
             WHERE stream_seq IS NOT NULL AND occurred_at >= $1 AND (occurred_at, id) > ($1, $2)
             ORDER BY occurred_at, id LIMIT $3),
         marked AS (
             UPDATE outbox SET stream_seq = NULL, published_at = NULL, replays = replays + 1
             FROM chosen, woken WHERE outbox.id = chosen.id RETURNING 1),
         last AS (SELECT occurred_at, id FROM chosen ORDER BY occurred_at DESC, id DESC LIMIT 1)
         SELECT (SELECT occurred_at FROM last) AS occurred_at, (SELECT id FROM last) AS id, (SELECT count(*) FROM marked) AS count",
    )
    .bind::<Timestamptz, _>(from)
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(AT_ONCE)
    .get_result(tx.conn())
    .await?;
    Ok(marked)
}
