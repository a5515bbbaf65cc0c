//! Waking the relay after commits. A `NOTIFY` inside the transaction would make all commits of the database wait for one
//! another; here one statement of its own stands for all commits of a moment. One that is lost costs a polling interval.

use std::{convert::Infallible, time::Duration};

use super::relay::db_error;
use crate::{
    db::{Db, Session},
    lifecycle::Lifecycle,
};

/// Shortest time between two wake-ups.
const APART: Duration = Duration::from_millis(5);
/// Wait after a fault.
const PAUSE: Duration = Duration::from_millis(500);

/// Wakes the relay, in whatever process it runs, when this process has committed events; until the soft stop.
pub(crate) async fn notify(db: Db, lifecycle: Lifecycle) -> Result<(), Infallible> {
    let stop = lifecycle.soft().clone();
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            Err(error) = wake(&db) => {
                tracing::debug!(service = %db.service(), %error, "relay not woken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn wake(db: &Db) -> Result<Infallible, super::BusError> {
    let session = Session::open(db.url(), db.runtime())
        .await
        .map_err(|e| super::BusError::Database(e.to_string()))?;
    let statement = format!("NOTIFY {}_outbox", db.service().schema());
    loop {
        db.committed().notified().await;
        session
            .client()
            .batch_execute(&statement)
            .await
            .map_err(db_error)?;
        tokio::time::sleep(APART).await;
    }
}
