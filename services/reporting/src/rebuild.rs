//! Making the ledger again from the event log.

use chassis::{
    db::{Cause, Db, Tx},
    http::Problem,
};
use contracts::problems::common;
use diesel_async::{RunQueryDsl as _, SimpleAsyncConnection as _};

use crate::{
    domain::facts,
    store::{events, write::Write},
};

/// Events read at once.
const CHUNK: i64 = 2_000;

/// Empties the ledger and applies every event of the log again, in one transaction; gives the number of events. Readers see
/// the old rows until the end; the consumer waits.
///
/// # Errors
/// `unavailable` when the consumer does not let go of the log within a minute; `internal` when a stored event cannot be
/// read, and then nothing has changed.
pub async fn rebuild(db: &Db) -> Result<u64, Problem> {
    let cause = Cause::new(db.time());
    db.tx("rebuild", &cause, async |tx: &mut Tx| {
        // An event that came in between would be applied twice: once by the consumer, once from the log.
        tx.conn()
            .batch_execute(
                "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s';
                 LOCK TABLE event_log IN SHARE MODE; DELETE FROM ledger",
            )
            .await?;
        apply_all(tx).await
    })
    .await
}

async fn apply_all(tx: &mut Tx) -> Result<u64, Problem> {
    let (mut count, mut after) = (0, None);
    loop {
        let events = events::chunk(tx.conn(), after, CHUNK).await?;
        let Some(last) = events.last() else {
            return Ok(count);
        };
        after = Some(last.event_id);
        for event in &events {
            let entry = facts::entry(&event.event_type, event.source, &event.payload);
            let entry = entry.map_err(|error| {
                let text = format!("event {}: {:?} error", event.event_id, error.classify());
                Problem::new(&common::INTERNAL).internal(text)
            })?;
            if entry.is_some() {
                let write = Write { event: None, entry };
                write.execute(tx.conn()).await?;
            }
            count += 1;
        }
    }
}
