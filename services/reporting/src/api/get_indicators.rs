//! `GET /reporting/v1/indicators`.

use actix_web::get;
use chassis::http::{Data, Permit, Problem, ProblemResponses, Query, Reply};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{region::RegionCode, roles::permission::StatisticsRead};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::area::{self, CasesCounted};
use crate::{
    Reporting,
    domain::{
        indicator::{Indicator, indicator},
        period::{self, Period},
    },
    store::{ledger, statistics},
};

/// Which cases are counted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IndicatorsQuery {
    /// First day, Asia/Shanghai.
    from: Option<NaiveDate>,
    /// Last day, Asia/Shanghai, included.
    to: Option<NaiveDate>,
    /// This region and all under it; the caller's own when not given.
    region: Option<RegionCode>,
}

/// Every indicator the policy pack defines, over the cases of a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Indicators {
    /// Which cases are counted.
    pub cases: CasesCounted,
    /// The moment up to which something counts as due.
    pub as_of: DateTime<Utc>,
    /// The indicators, in the policy pack's order.
    pub indicators: Vec<Indicator>,
    /// Version of the policy pack that defines them.
    pub policy_version: String,
}

/// Read the indicators of a period: settled/received, settled/concluded, decisions in time, proposals followed,
/// performance, confirmation, follow-up, satisfaction.
#[utoipa::path(get, path = "/reporting/v1/indicators", tag = "statistics", operation_id = "get_indicators",
    params(IndicatorsQuery), responses((status = 200, body = Indicators), ProblemResponses),
    security(("bearer" = ["statistics.read"])))]
#[get("/indicators")]
pub async fn get_indicators(
    state: Data<Reporting>,
    permit: Permit<StatisticsRead>,
    query: Query<IndicatorsQuery>,
) -> Result<Reply, Problem> {
    let region = area::region(query.region, &permit.scope())?;
    let period = Period::new(query.from, query.to)?;
    let now = state.db.time().now();
    let mut conn = state.db.read().await?;
    let counters = statistics::counters(
        &mut conn,
        &ledger::within(region),
        &period,
        (period::day_of(now), now),
        state.policy.evaluation().rating.satisfied_from,
    )
    .await?;
    let reporting = state.policy.reporting();
    let indicators = reporting.statistics.iter().map(|statistic| {
        indicator(
            statistic,
            |counter| counters.get(counter),
            reporting.percent_decimals,
        )
    });
    Ok(Reply::ok(Indicators {
        cases: CasesCounted::of(region, period),
        as_of: now,
        indicators: indicators.collect(),
        policy_version: state.policy.version().to_owned(),
    }))
}
