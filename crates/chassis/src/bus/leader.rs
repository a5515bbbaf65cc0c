//! One of several processes does the work: an advisory lock of PostgreSQL, held as long as the session lives.

use std::time::Duration;

use tokio::runtime::Handle;

use super::BusError;
use crate::db::{DbUrl, Session};

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
    loop {
        let row = session
            .client()
            .query_one(
                "SELECT pg_try_advisory_lock(hashtext($1), hashtext($2))",
                &[&schema, &role],
            )
            .await
            .map_err(|e| BusError::Database(e.to_string()))?;
        if row.get::<_, bool>(0) {
            return Ok(session);
        }
        tokio::time::sleep(ASK_AGAIN).await;
    }
}
