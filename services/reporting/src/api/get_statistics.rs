//! `GET /reporting/v1/statistics`.

use actix_web::get;
use chassis::http::{Data, Permit, Problem, ProblemResponses, Query, Reply};
use chrono::NaiveDate;
use contracts::{
    problems::{common, reporting},
    region::{Level, RegionCode},
    roles::permission::StatisticsRead,
};
use policy::{
    PolicyPack,
    rounding::Rounding,
    sections::{dispute_types::StatisticGroup, reporting::Counter},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::area::{self, CasesCounted};
use crate::{
    Reporting,
    domain::{
        dimension::Dimension,
        indicator::{Indicator, indicator},
        layout::Layout,
        nodes::NodeParts,
        period::Period,
        table::{self, Figures, Row, Table, TotalCheck},
    },
    store::{ledger, statistics},
};

/// What is counted, and how it is printed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatisticsQuery {
    /// What the cases are split by.
    #[param(value_type = Dimension)]
    dimension: String,
    /// The column set of the policy pack for `dimension=type`: `moj_15`, `wuwei_2022`. The pack's default when not given.
    columns: Option<String>,
    /// First day, Asia/Shanghai.
    from: Option<NaiveDate>,
    /// Last day, Asia/Shanghai, included.
    to: Option<NaiveDate>,
    /// This region and all under it; the caller's own when not given.
    region: Option<RegionCode>,
    /// The level of the rows of `dimension=region` and `dimension=node`; the one below `region` when not given.
    level: Option<Level>,
    /// How shares are rounded; the policy pack's default when not given. `largest_remainder` gives a column that adds up
    /// to exactly 100.
    rounding: Option<Rounding>,
}

/// How the shares of a table are rounded.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundingUsed {
    /// The method.
    pub method: Rounding,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// Decimals of percentages.
    pub decimals: u32,
    /// What the printed shares add up to, per cent.
    pub column_total_pct: f64,
}

/// The cases of a period, split by something: total = Σ rows + residual (RP-10).
#[derive(Debug, Serialize, ToSchema)]
pub struct Statistics {
    /// What they are split by.
    pub dimension: Dimension,
    /// The column set, when split by type.
    pub column_set: Option<String>,
    /// Which cases are counted.
    pub cases: CasesCounted,
    /// Cases received 受理.
    pub received: u64,
    /// Of these, settled 化解.
    pub settled: u64,
    /// Of these, concluded: the work on it ended, settled or not.
    pub concluded: u64,
    /// Amount in dispute, fen.
    pub amount_fen: i64,
    /// Settled of received, per cent, half up; null when nothing was received.
    pub settled_rate_pct: Option<f64>,
    /// The figures in the policy pack that rest on received, settled and concluded alone, each with its formula's version:
    /// settled/received and settled/concluded are two figures.
    pub rates: Vec<Indicator>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The cases in no row 其他/未列明.
    pub residual: Row,
    /// Proof that the table adds up.
    pub total_check: TotalCheck,
    /// How its shares are rounded.
    pub rounding: RoundingUsed,
    /// Version of what a count and a share are.
    pub formula_version: u32,
    /// Version of the policy pack that gave rows and names.
    pub policy_version: String,
}

/// Count the cases of a period by type, region, node, source, channel, class, route, track, colour or outcome.
#[utoipa::path(get, path = "/reporting/v1/statistics", tag = "statistics", operation_id = "get_statistics",
    params(StatisticsQuery), responses((status = 200, body = Statistics), ProblemResponses),
    security(("bearer" = ["statistics.read"])))]
#[get("/statistics")]
pub async fn get_statistics(
    state: Data<Reporting>,
    permit: Permit<StatisticsRead>,
    query: Query<StatisticsQuery>,
) -> Result<Reply, Problem> {
    let Query(query) = query;
    let policy = &state.policy;
    let dimension = query
        .dimension
        .parse()
        .map_err(|_| Problem::new(&reporting::UNKNOWN_DIMENSION).at("/dimension"))?;
    let group = column_set(policy, dimension, query.columns.as_deref())?;
    let region = area::region(query.region, &permit.scope())?;
    let level = level(query.level, region, dimension)?;
    let period = Period::new(query.from, query.to)?;

    let mut conn = state.db.read().await?;
    let within = ledger::within(region);
    let (counted, total) = statistics::split(&mut conn, dimension, level, &within, &period).await?;
    let keys = counted.iter().filter_map(|one| one.key.as_deref());
    let found: Vec<&str> = keys.collect();
    let layout = match (dimension, group) {
        (Dimension::Type, Some(group)) => Layout::of_types(group),
        (Dimension::Region, _) => Layout::of_regions(region, level, &found),
        (Dimension::Node, _) => {
            let integrated = &policy.reporting().integrated;
            Layout::of_nodes(NodeParts::new(region, level, integrated), &found)
        }
        _ => Layout::listed(dimension, policy),
    };
    let decimals = policy.reporting().percent_decimals;
    let method = query
        .rounding
        .unwrap_or(policy.reporting().default_rounding);
    let table = table::table(dimension, &layout, &counted, total, method, decimals);
    if !table.check.balanced {
        return Err(Problem::unexpected("a table does not add up"));
    }
    let cases = CasesCounted::of(region, period);
    let column_set = group.map(|group| group.id.clone());
    Ok(Reply::ok(view(
        policy, dimension, column_set, cases, total, table, method,
    )))
}

/// The column set of a split by type; other splits have none.
fn column_set<'a>(
    policy: &'a PolicyPack,
    dimension: Dimension,
    asked: Option<&str>,
) -> Result<Option<&'a StatisticGroup>, Problem> {
    let unknown = || Problem::new(&reporting::UNKNOWN_COLUMN_SET).at("/columns");
    if dimension != Dimension::Type {
        return match asked {
            None => Ok(None),
            Some(_) => Err(unknown().detail(
                "仅按纠纷类型统计时可用",
                "Only a split by type has column sets",
            )),
        };
    }
    let id = asked.unwrap_or(&policy.reporting().default_column_set);
    policy
        .dispute_types()
        .group(id)
        .map(Some)
        .ok_or_else(unknown)
}

/// The level of the rows of a split by region.
fn level(asked: Option<Level>, region: RegionCode, dimension: Dimension) -> Result<Level, Problem> {
    let level = asked.or(region.level().below()).unwrap_or(region.level());
    if matches!(dimension, Dimension::Region | Dimension::Node) && level < region.level() {
        return Err(Problem::new(&common::INVALID_QUERY).at("/level").detail(
            "不得高于所统计的区域的级别",
            "It must not be above the level of the region counted",
        ));
    }
    Ok(level)
}

fn view(
    policy: &PolicyPack,
    dimension: Dimension,
    column_set: Option<String>,
    cases: CasesCounted,
    total: Figures,
    table: Table,
    method: Rounding,
) -> Statistics {
    let decimals = policy.reporting().percent_decimals;
    let (zh, en) = match method {
        Rounding::HalfUp => ("四舍五入(逐项)", "half up, each share by itself"),
        Rounding::LargestRemainder => (
            "最大余额法(合计 100%)",
            "largest remainder, the column adds up to 100",
        ),
    };
    let rate = policy::rounding::percent(total.settled, total.count, decimals);
    Statistics {
        dimension,
        column_set,
        cases,
        received: total.count,
        settled: total.settled,
        concluded: total.concluded,
        amount_fen: total.amount_fen,
        settled_rate_pct: rate.map(|rate| table::percent(rate, decimals)),
        rates: rates(policy, total),
        rows: table.rows,
        residual: table.residual,
        total_check: table.check,
        rounding: RoundingUsed {
            method,
            zh,
            en,
            decimals,
            column_total_pct: table.column_total_pct,
        },
        formula_version: table::FORMULA_VERSION,
        policy_version: policy.version().to_owned(),
    }
}

/// The policy pack's figures over a table's own totals.
fn rates(policy: &PolicyPack, total: Figures) -> Vec<Indicator> {
    let count = |counter| match counter {
        Counter::Received => Some(total.count),
        Counter::Settled => Some(total.settled),
        Counter::Concluded => Some(total.concluded),
        _ => None,
    };
    let reporting = policy.reporting();
    let known = reporting.statistics.iter().filter(|statistic| {
        count(statistic.numerator).is_some() && count(statistic.denominator).is_some()
    });
    let value = |counter| count(counter).unwrap_or_default();
    known
        .map(|statistic| indicator(statistic, value, reporting.percent_decimals))
        .collect()
}
