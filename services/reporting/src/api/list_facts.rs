//! `GET /reporting/v1/facts`.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use chrono::NaiveDate;
use contracts::{region::RegionCode, roles::permission::StatisticsRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::area;
use crate::{
    Reporting,
    domain::period::Period,
    store::facts::{self, FactsOfDay},
};

/// Which node, which days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FactsQuery {
    /// The node where they happened, without those under it; this node when not given.
    node: Option<RegionCode>,
    /// First day, Asia/Shanghai.
    from: NaiveDate,
    /// Last day, Asia/Shanghai, included.
    to: NaiveDate,
}

/// Count the facts of a node day by day and kind by kind, with a digest of each: only the kinds that go up. Where count and
/// digest are the same at the node and at a level above, that day is complete there.
#[utoipa::path(get, path = "/reporting/v1/facts", tag = "facts", operation_id = "list_facts",
    params(FactsQuery, PageParams), responses((status = 200, body = PageOf<FactsOfDay>), ProblemResponses),
    security(("bearer" = ["statistics.read"])))]
#[get("/facts")]
pub async fn list_facts(
    state: Data<Reporting>,
    permit: Permit<StatisticsRead>,
    query: PageQuery<FactsQuery>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let node = area::node(filter.node.unwrap_or(*state.db.node()), &permit.scope())?;
    let days = (filter.from, filter.to);
    Period::new(Some(days.0), Some(days.1))?;
    let mut conn = state.db.read().await?;
    let rows = facts::days(&mut conn, node, days, page.after()?, page.fetch()).await?;
    let after = |row: &FactsOfDay| (row.day, row.kind.clone());
    Ok(Reply::ok(PageOf::of(&page, rows, after, |row| row)?))
}
