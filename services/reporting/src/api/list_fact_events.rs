//! `GET /reporting/v1/facts/events`.

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
    store::facts::{self, FactRef},
};

/// Which node, day and kind.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FactEventsQuery {
    /// The node where they happened; this node when not given.
    node: Option<RegionCode>,
    /// The day, Asia/Shanghai.
    day: NaiveDate,
    /// The kind: `matter.accepted`.
    kind: String,
}

/// List the facts of one kind that a node stated on one day, by their ids: what to look at where counts or digests differ.
#[utoipa::path(get, path = "/reporting/v1/facts/events", tag = "facts", operation_id = "list_fact_events",
    params(FactEventsQuery, PageParams), responses((status = 200, body = PageOf<FactRef>), ProblemResponses),
    security(("bearer" = ["statistics.read"])))]
#[get("/facts/events")]
pub async fn list_fact_events(
    state: Data<Reporting>,
    permit: Permit<StatisticsRead>,
    query: PageQuery<FactEventsQuery>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let node = area::node(filter.node.unwrap_or(*state.db.node()), &permit.scope())?;
    let (day, kind) = (filter.day, filter.kind.as_str());
    let mut conn = state.db.read().await?;
    let rows = facts::of_day(&mut conn, node, day, kind, page.after()?, page.fetch()).await?;
    Ok(Reply::ok(PageOf::of(
        &page,
        rows,
        |row| row.event_id,
        |row| row,
    )?))
}
