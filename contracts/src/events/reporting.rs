//! Facts of reporting 研判.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Service, ids::PeriodId, region::RegionCode};

/// The numbers of a period were closed 结账, or closed again after a correction (ROLLUP). A level above
/// counts the same from the facts it has, and names every difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PeriodClosed {
    /// The period, at the node that closed it.
    pub period_id: PeriodId,
    /// Its code, the same at every node: `2026`, `2026-H1`, `2026-Q3`, `2026-09`, or `2026-09-05/2026-09-20`.
    pub period: String,
    /// The node whose numbers these are, with all nodes under it.
    pub node: RegionCode,
    /// First day, Asia/Shanghai.
    pub begins: NaiveDate,
    /// Last day, Asia/Shanghai, included.
    pub ends: NaiveDate,
    /// The last day whose events are counted: not before `ends`.
    pub counted_to: NaiveDate,
    /// 1 when it was closed, one more with every correction.
    pub version: i64,
    /// `sha256:` and 64 hex digits over the canonical text of the numbers.
    pub digest: String,
    /// Cases received 受理 in the period.
    pub received: i64,
    /// Of these, settled 化解 by the end of `counted_to`.
    pub settled: i64,
    /// The same by dispute type, by code.
    pub types: Vec<PeriodType>,
    /// How many events of each kind that goes up happened in the period, by kind.
    pub events: Vec<PeriodEvents>,
    /// When it was closed.
    pub closed_at: DateTime<Utc>,
}

/// The cases of a dispute type in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodType {
    /// The type as decided; `None` = not decided yet.
    pub type_code: Option<String>,
    /// Cases received.
    pub received: i64,
    /// Of these, settled.
    pub settled: i64,
}

/// The events of a kind in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodEvents {
    /// The kind: `matter.accepted`.
    pub kind: String,
    /// How many there are.
    pub count: i64,
}

super::events! { Some(Service::Reporting); PeriodClosed => "period"."closed" }
