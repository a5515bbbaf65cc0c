//! Publishing events of the outbox again, on request (`fengqiao outbox replay --since`).

use chrono::{DateTime, Utc};
use contracts::problems::common;
use diesel::sql_types::Timestamptz;
use diesel_async::RunQueryDsl as _;

use crate::{
    db::{Cause, Db, Tx},
    http::Problem,
};

/// Marks the published events since `since` for publishing again; the relay does the rest. Consumers that applied them
/// ignore them. Gives how many.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn replay_since(db: &Db, since: DateTime<Utc>) -> Result<usize, Problem> {
    db.tx(
        "outbox.replay",
        &Cause::new(db.time()),
        async |tx: &mut Tx| {
            diesel::sql_query(
                "WITH woken AS (SELECT pg_notify(current_schema() || '_outbox', ''))
             UPDATE outbox SET stream_seq = NULL, published_at = NULL, replays = replays + 1
             FROM woken WHERE stream_seq IS NOT NULL AND occurred_at >= $1",
            )
            .bind::<Timestamptz, _>(since)
            .execute(tx.conn())
            .await
            .map_err(|e| Problem::new(&common::UNAVAILABLE).internal(e))
        },
    )
    .await
}
