//! Removing what is kept long enough: published events, applied event ids, answers to idempotency keys.

use chrono::{DateTime, Duration, Utc};

use super::{BusError, relay::db_error};
use crate::{
    config::OutboxConfig,
    db::{Outbox, Session},
};

/// Rows removed by one statement, so that none of them runs long.
const AT_ONCE: i64 = 5000;

/// Removes a bounded number of rows of each kind.
pub(super) async fn sweep(
    session: &Session,
    outbox: Outbox,
    now: DateTime<Utc>,
    config: &OutboxConfig,
) -> Result<(), BusError> {
    let events = now - Duration::days(i64::from(config.keep_days));
    let answers = now - Duration::days(i64::from(config.keep_answers_days));
    for (sql, before) in [
        (
            "DELETE FROM {outbox} WHERE id IN (
                 SELECT id FROM {outbox} WHERE stream_seq IS NOT NULL AND occurred_at < $1 ORDER BY id LIMIT $2)",
            events,
        ),
        (
            "DELETE FROM inbox WHERE event_id IN (
                 SELECT event_id FROM inbox WHERE applied_at < $1 LIMIT $2)",
            events,
        ),
        (
            "DELETE FROM idempotency WHERE (principal, key) IN (
                 SELECT principal, key FROM idempotency WHERE created_at < $1 LIMIT $2)",
            answers,
        ),
    ] {
        let sql = sql.replace("{outbox}", outbox.table());
        session.client().execute(&sql, &[&before, &AT_ONCE]).await.map_err(db_error)?;
    }
    Ok(())
}
