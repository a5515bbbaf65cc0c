//! One of several processes does the work: an advisory lock of PostgreSQL, held as long as the session lives.

use std::time::Duration;

use tokio::runtime::Handle;

use super::BusError;
use crate::db::{Db, DbUrl, Session};

/// How often a process that is not the leader asks again.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Waits until this process is the leader for `role` in the schema of `url`, and gives the session that holds the lock.
/// Leadership ends with the session.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub(super) async fn lead(
    url: &DbUrl,
    runtime: &Handle,
    schema: &str,
    role: &str,
) -> Result<Session, BusError> {
    let session = Session::open(url, runtime)
        .await
        .map_err(|e| BusError::Database(e.to_string()))?;
    while !take(&session, schema, role).await? {
        tokio::time::sleep(ASK_AGAIN).await;
    }
    Ok(session)
}

async fn take(session: &Session, schema: &str, role: &str) -> Result<bool, BusError> {
    let row = session
        .client()
        .query_one(
            "SELECT pg_try_advisory_lock(hashtext($1), hashtext($2))",
            &[&schema, &role],
        )
        .await
        .map_err(|e| BusError::Database(e.to_string()))?;
    Ok(row.get(0))
}

/// The role of who reads a stream for a service.
pub(super) fn consumer_role(stream: &str) -> String {
    format!("consumer {stream}")
}

/// Keeps a service from reading a stream, as long as it lives.
pub struct Still {
    _session: Session,
}

/// Keeps the service of a schema from reading a stream; none when a process of it reads it now.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn keep_still(db: &Db, stream: &str) -> Result<Option<Still>, BusError> {
    let session = Session::open(db.url(), db.runtime())
        .await
        .map_err(|e| BusError::Database(e.to_string()))?;
    let schema = db.service().schema();
    let taken = take(&session, &schema, &consumer_role(stream)).await?;
    Ok(taken.then_some(Still { _session: session }))
}
