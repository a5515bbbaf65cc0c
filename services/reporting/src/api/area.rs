//! Which part of the caller's region, and which days, a question is about.

use chassis::http::{Problem, Scope};
use chrono::NaiveDate;
use contracts::{problems::common, region::RegionCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::period::Period;

/// The region asked for, or the caller's.
///
/// # Errors
/// `region-out-of-scope` (422) when the caller's region does not hold it.
pub fn region(asked: Option<RegionCode>, scope: &Scope) -> Result<RegionCode, Problem> {
    let region = asked.unwrap_or(scope.region);
    if scope.region.contains(&region) {
        Ok(region)
    } else {
        Err(Problem::new(&common::REGION_OUT_OF_SCOPE).at("/region"))
    }
}

/// A node whose facts are asked for.
///
/// # Errors
/// `region-out-of-scope` (422) when the caller's region does not hold it.
pub fn node(asked: RegionCode, scope: &Scope) -> Result<RegionCode, Problem> {
    region(Some(asked), scope).map_err(|problem| problem.at("/node"))
}

/// Nothing, when the caller works for the whole of this node.
///
/// # Errors
/// `region-out-of-scope` (422) when it works for a part.
pub fn whole(node: RegionCode, scope: &Scope) -> Result<(), Problem> {
    if scope.region.contains(&node) {
        Ok(())
    } else {
        Err(Problem::new(&common::REGION_OUT_OF_SCOPE))
    }
}

/// The cases a figure counts: those accepted on these days in this region.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CasesCounted {
    /// The region, with all under it.
    pub region: RegionCode,
    /// First day, Asia/Shanghai; null = no limit.
    pub from: Option<NaiveDate>,
    /// Last day, Asia/Shanghai, included; null = no limit.
    pub to: Option<NaiveDate>,
    /// The time zone of the days: always `Asia/Shanghai`.
    pub time_zone: &'static str,
    /// The fact that puts a case into the period: always `matter.accepted`. What followed counts whenever it happened.
    pub counted_by: &'static str,
}

impl CasesCounted {
    /// Names a region and a period.
    #[must_use]
    pub fn of(region: RegionCode, period: Period) -> Self {
        Self {
            region,
            from: period.from,
            to: period.to,
            time_zone: "Asia/Shanghai",
            counted_by: "matter.accepted",
        }
    }
}
