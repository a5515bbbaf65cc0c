//! Removing what is kept long enough: published events, applied event ids, answers to idempotency keys.

use std::convert::Infallible;

use chrono::{DateTime, Duration, Utc};

use super::{BusError, relay::db_error};
use crate::{
    config::OutboxConfig,
    db::{Db, Outbox, Session},
    lifecycle::Lifecycle,
};

/// Rows removed by one statement, so that none of them runs long.
const AT_ONCE: i64 = 5000;
/// How often it is looked for.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(3600);
/// Applied ids are remembered for so many days longer than events are kept: an event that is published again on its last day
/// may wait that long for a consumer that is away, and is still known to have been applied.
const INBOX_DAYS_MORE: i64 = 30;

/// When events are too old to be published again.
pub(super) fn too_old(now: DateTime<Utc>, keep_days: u32) -> DateTime<Utc> {
    now - Duration::days(i64::from(keep_days))
}

/// Removes until the soft stop; a fault of PostgreSQL is waited out until the next look. Apart from the relay: what is kept long
/// enough is removed also while nothing can be published, and publishing does not wait for it.
pub(crate) async fn sweep(
    db: Db,
    outbox: Outbox,
    config: OutboxConfig,
    lifecycle: Lifecycle,
) -> Result<(), Infallible> {
    let stop = lifecycle.soft().clone();
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            result = once(&db, outbox, &config) => if let Err(error) = result {
                tracing::warn!(service = %db.service(), %error, "what is kept long enough was not removed");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

/// Removes all there is to remove, unless another process is at it.
async fn once(db: &Db, outbox: Outbox, config: &OutboxConfig) -> Result<(), BusError> {
    let session = Session::open(db.url(), db.runtime())
        .await
        .map_err(|e| BusError::Database(e.to_string()))?;
    let (schema, role) = (db.service().schema(), format!("sweep {}", outbox.table()));
    let lock = "SELECT pg_try_advisory_lock(hashtext($1), hashtext($2))";
    let row = session.client().query_one(lock, &[&schema, &role]).await;
    if !row.map_err(db_error)?.get::<_, bool>(0) {
        return Ok(());
    }
    let now = db.time().now();
    let events = too_old(now, config.keep_days);
    // What the parent has not confirmed is kept, however old: it may have to be sent again.
    let confirmed = match outbox {
        Outbox::Up => {
            "AND (epoch, seq) <= (SELECT confirmed_epoch, confirmed_seq FROM up_outbox_state)"
        }
        Outbox::Events | Outbox::Down => "",
    };
    let published = format!(
        "DELETE FROM {table} WHERE id IN (
             SELECT id FROM {table} WHERE stream_seq IS NOT NULL AND occurred_at < $1 {confirmed} ORDER BY id LIMIT $2)",
        table = outbox.table()
    );
    remove(&session, &published, events).await?;
    // The rest is the service's, not an outbox's.
    if outbox == Outbox::Events {
        let applied = "DELETE FROM inbox WHERE (event_id, origin) IN (
             SELECT event_id, origin FROM inbox WHERE applied_at < $1 ORDER BY applied_at LIMIT $2)";
        remove(&session, applied, events - Duration::days(INBOX_DAYS_MORE)).await?;
        let answers = now - Duration::days(i64::from(config.keep_answers_days));
        let answered = "DELETE FROM idempotency WHERE (principal, key) IN (
             SELECT principal, key FROM idempotency WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
        remove(&session, answered, answers).await?;
    }
    Ok(())
}

/// Repeats the statement until it finds nothing more.
async fn remove(session: &Session, sql: &str, before: DateTime<Utc>) -> Result<(), BusError> {
    let statement = session.client().prepare(sql).await.map_err(db_error)?;
    let at_once = u64::try_from(AT_ONCE).unwrap_or(0);
    loop {
        let removed = session
            .client()
            .execute(&statement, &[&before, &AT_ONCE])
            .await
            .map_err(db_error)?;
        if removed < at_once {
            return Ok(());
        }
    }
}
