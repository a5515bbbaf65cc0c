//! A level above misses something: it is published again.

use chassis::{db::Tx, http::Problem};
use contracts::{border::Replay, events::Envelope};

use crate::{Federation, store::sent};

/// Marks it for publishing again; the relay does the rest.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    _: &Federation,
    tx: &mut Tx,
    _: &Envelope,
    replay: Replay,
) -> Result<(), Problem> {
    let count = sent::again(tx, &replay).await?;
    tracing::warn!(by = %replay.by, from = replay.from, to = replay.to, count, "asked to send again");
    Ok(())
}
