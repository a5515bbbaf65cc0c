//! `GET /reporting/v1/periods/{period_id}/comparison`.

use std::collections::BTreeSet;

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Query, Reply};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::reporting::PeriodClosed, ids::PeriodId, region::RegionCode,
    roles::permission::StatisticsRead,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{area, period_views::PeriodView};
use crate::{
    Reporting,
    domain::{
        comparison::{Difference, differences},
        snapshot::Snapshot,
    },
    store::{closings, periods, snapshots},
};

/// Whose nodes are compared.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComparisonQuery {
    /// The region whose children are compared; the node's when not given. Name a child to go down.
    region: Option<RegionCode>,
}

/// Totals of a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodTotals {
    /// Cases received.
    pub received: i64,
    /// Of these, settled.
    pub settled: i64,
    /// Digest of the lines.
    pub digest: String,
}

/// A lower node's closed period against the count here.
#[derive(Debug, Serialize, ToSchema)]
pub struct NodeComparison {
    /// The node.
    pub node: RegionCode,
    /// The version it reports, its newest.
    pub version: i64,
    /// The last day whose events it counted; the count here has the same.
    pub counted_to: NaiveDate,
    /// When it closed it.
    pub closed_at: DateTime<Utc>,
    /// What it reports.
    pub reported: PeriodTotals,
    /// What is counted here from its facts.
    pub counted: PeriodTotals,
    /// Whether there is no difference.
    pub agrees: bool,
    /// Every figure in which they differ.
    pub differences: Vec<Difference>,
}

impl NodeComparison {
    fn of(node: RegionCode, reported: &PeriodClosed, counted: &Snapshot) -> Self {
        let differences = differences(reported, counted);
        Self {
            node,
            version: reported.version,
            counted_to: reported.counted_to,
            closed_at: reported.closed_at,
            reported: PeriodTotals {
                received: reported.received,
                settled: reported.settled,
                digest: reported.digest.clone(),
            },
            counted: PeriodTotals {
                received: counted.received(),
                settled: counted.settled(),
                digest: counted.digest(),
            },
            agrees: differences.is_empty(),
            differences,
        }
    }
}

/// A period, child by child.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodComparison {
    /// The period.
    pub period: PeriodView,
    /// The nodes that closed it, the uppermost ones of each branch.
    pub nodes: Vec<NodeComparison>,
    /// Nodes with cases in the period from which no closed period has come.
    pub not_closed: Vec<RegionCode>,
}

/// Compare a closed period with what the nodes below reported of it: received, settled, types, events by kind and the digest,
/// against the count from their facts here.
#[utoipa::path(get, path = "/reporting/v1/periods/{period_id}/comparison", tag = "periods",
    operation_id = "compare_period", params(("period_id" = PeriodId, Path), ComparisonQuery),
    responses((status = 200, body = PeriodComparison), ProblemResponses), security(("bearer" = ["statistics.read"])))]
#[get("/periods/{period_id}/comparison")]
pub async fn compare_period(
    state: Data<Reporting>,
    permit: Permit<StatisticsRead>,
    period_id: Path<PeriodId>,
    query: Query<ComparisonQuery>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let mut conn = state.db.read().await?;
    let period = periods::load(&mut conn, *period_id, &scope).await?;
    let region = area::region(query.region.or(Some(period.region)), &scope)?;
    let span = period.span();
    let mut nodes: Vec<NodeComparison> = Vec::new();
    for (node, reported) in closings::of_span(&mut conn, region, span).await? {
        // They come in the order of their codes, a node before those in it.
        if nodes.last().is_some_and(|last| last.node.contains(&node)) {
            continue;
        }
        let counted = snapshots::take(&mut conn, node, span, reported.counted_to).await?;
        nodes.push(NodeComparison::of(node, &reported, &counted));
    }
    let counted = snapshots::take(&mut conn, region, span, span.ends).await?;
    let accepting: BTreeSet<RegionCode> = counted.lines.iter().map(|line| line.node).collect();
    let not_closed = accepting
        .into_iter()
        .filter(|node| *node != region && !nodes.iter().any(|one| one.node.contains(node)));
    Ok(Reply::ok(PeriodComparison {
        not_closed: not_closed.collect(),
        period: period.into(),
        nodes,
    }))
}
