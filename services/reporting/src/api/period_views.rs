//! A closed period as callers see it.

use chassis::http::Problem;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{ids::PeriodId, region::RegionCode};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    domain::snapshot::{LineChange, Numbers},
    store::periods::{ClosedPeriod, StoredVersion},
};

/// A closed period.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodView {
    /// Its id.
    pub id: PeriodId,
    /// Its code, made from its days: `2026`, `2026-H1`, `2026-Q3`, `2026-09`, `2026-09-05/2026-09-20`.
    pub period: String,
    /// The node whose numbers these are, with all nodes under it.
    pub node: RegionCode,
    /// First day, Asia/Shanghai.
    pub begins: NaiveDate,
    /// Last day, Asia/Shanghai, included.
    pub ends: NaiveDate,
    /// The newest version of its numbers.
    pub version: i64,
    /// When it was closed.
    pub created_at: DateTime<Utc>,
    /// When it was closed or last corrected.
    pub updated_at: DateTime<Utc>,
}

impl From<ClosedPeriod> for PeriodView {
    fn from(period: ClosedPeriod) -> Self {
        Self {
            id: period.id,
            period: period.code,
            node: period.region,
            begins: period.begins,
            ends: period.ends,
            version: period.version,
            created_at: period.created_at,
            updated_at: period.updated_at,
        }
    }
}

/// A version of a period's numbers. It never changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    /// 1 when the period was closed, one more with every correction.
    pub version: i64,
    /// The last day whose events are counted.
    pub counted_to: NaiveDate,
    /// Why the numbers were corrected; null in version 1.
    pub reason: Option<String>,
    /// `sha256:` and 64 hex digits over the canonical text of its lines.
    pub digest: String,
    /// Cases received 受理.
    pub received: i64,
    /// Of these, settled 化解 by the end of `counted_to`.
    pub settled: i64,
    /// The lines added up by node and by type, and the events by kind.
    pub numbers: Numbers,
    /// The lines in which it differs from the version before.
    pub changes: Vec<LineChange>,
    /// When it was made.
    pub closed_at: DateTime<Utc>,
}

impl TryFrom<StoredVersion> for VersionView {
    type Error = Problem;

    fn try_from(stored: StoredVersion) -> Result<Self, Problem> {
        Ok(Self {
            version: stored.version,
            counted_to: stored.counted_to,
            reason: stored.reason,
            digest: stored.digest,
            received: stored.received,
            settled: stored.settled,
            numbers: read(stored.numbers)?,
            changes: read(stored.changes)?,
            closed_at: stored.closed_at,
        })
    }
}

/// A closed period with its numbers, version by version, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodDetail {
    /// The period.
    #[serde(flatten)]
    pub period: PeriodView,
    /// Its versions.
    pub versions: Vec<VersionView>,
}

impl PeriodDetail {
    /// Puts them together.
    ///
    /// # Errors
    /// `internal` when stored numbers cannot be read.
    pub fn of(period: ClosedPeriod, versions: Vec<StoredVersion>) -> Result<Self, Problem> {
        let versions = versions.into_iter().map(VersionView::try_from);
        Ok(Self {
            period: period.into(),
            versions: versions.collect::<Result<_, _>>()?,
        })
    }
}

fn read<T: DeserializeOwned>(stored: Value) -> Result<T, Problem> {
    serde_json::from_value(stored)
        .map_err(|error| Problem::unexpected(format!("stored numbers: {:?}", error.classify())))
}
