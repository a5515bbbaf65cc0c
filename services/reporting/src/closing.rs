//! Closing a period 结账 and correcting it: a version of its numbers is counted, stored and made known.

use chassis::{db::Tx, http::Problem};
use chrono::NaiveDate;
use contracts::events::reporting::PeriodClosed;
use serde::Serialize;
use serde_json::Value;

use crate::{
    domain::snapshot::{Line, Snapshot},
    store::{
        periods::{self, ClosedPeriod, StoredVersion},
        snapshots,
    },
};

/// A version that is not stored yet.
pub struct Counted {
    snapshot: Snapshot,
    stored: StoredVersion,
}

impl Counted {
    /// Digest and events: a correction changes one of them.
    #[must_use]
    pub fn equals(&self, before: &StoredVersion) -> bool {
        self.stored.digest == before.digest && self.stored.numbers == before.numbers
    }
}

/// Counts `period.version` of a period, against the lines of the version before.
///
/// # Errors
/// `unavailable` when the database is.
pub async fn count(
    tx: &mut Tx,
    period: &ClosedPeriod,
    counted_to: NaiveDate,
    reason: Option<String>,
    before: &[Line],
) -> Result<Counted, Problem> {
    let snapshot = snapshots::take(tx.conn(), period.region, period.span(), counted_to).await?;
    let changes = if period.version == 1 {
        Vec::new()
    } else {
        snapshot.changes(before)
    };
    let stored = StoredVersion {
        version: period.version,
        counted_to,
        reason,
        digest: snapshot.digest(),
        received: snapshot.received(),
        settled: snapshot.settled(),
        numbers: json(&snapshot.numbers())?,
        changes: json(&changes)?,
        closed_at: tx.now(),
    };
    Ok(Counted { snapshot, stored })
}

/// Stores a version and publishes `period.closed`.
///
/// # Errors
/// `internal` when it cannot be written as JSON.
pub fn store(
    tx: &mut Tx,
    period: &ClosedPeriod,
    counted: Counted,
) -> Result<StoredVersion, Problem> {
    let Counted { snapshot, stored } = counted;
    periods::insert_version(tx, period.id, &stored, &snapshot.lines);
    let event = PeriodClosed {
        period_id: period.id,
        period: period.code.clone(),
        node: period.region,
        begins: period.begins,
        ends: period.ends,
        counted_to: stored.counted_to,
        version: stored.version,
        digest: stored.digest.clone(),
        received: stored.received,
        settled: stored.settled,
        types: snapshot.types(),
        events: snapshot.events,
        closed_at: stored.closed_at,
    };
    tx.publish(period.id, &event)?;
    Ok(stored)
}

fn json(value: &impl Serialize) -> Result<Value, Problem> {
    serde_json::to_value(value).map_err(Problem::unexpected)
}
