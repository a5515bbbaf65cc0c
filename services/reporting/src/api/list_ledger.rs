//! `GET /reporting/v1/ledger`.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use chrono::NaiveDate;
use contracts::{
    events::{
        intake::MatterClass,
        triage::{RiskColour, Track},
    },
    region::RegionCode,
    roles::permission::LedgerRead,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::area;
use crate::{
    Reporting,
    domain::{entry::LedgerEntry, outcome::Outcome, period::Period},
    store::ledger::{self, Wanted},
};

/// Which rows are wanted; all conditions together.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LedgerFilter {
    /// This region and all under it.
    region: Option<RegionCode>,
    /// Accepted on this day in Asia/Shanghai or later.
    from: Option<NaiveDate>,
    /// Accepted on this day in Asia/Shanghai or before.
    to: Option<NaiveDate>,
    /// Dispute, petition or complaint.
    class: Option<MatterClass>,
    /// Source code.
    source: Option<String>,
    /// Channel code.
    channel: Option<String>,
    /// Dispute type code as decided; a first-level code takes its second level with it.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    type_code: Option<String>,
    /// Route code as decided.
    route: Option<String>,
    /// Track as decided.
    track: Option<Track>,
    /// Risk colour.
    colour: Option<RiskColour>,
    /// How the work on it ended.
    outcome: Option<Outcome>,
    /// Closed, or not yet.
    closed: Option<bool>,
}

/// List the case ledger 台账: cases not accepted yet, then the others, the last accepted first.
#[utoipa::path(get, path = "/reporting/v1/ledger", tag = "ledger", operation_id = "list_ledger",
    params(LedgerFilter, PageParams), responses((status = 200, body = PageOf<LedgerEntry>), ProblemResponses),
    security(("bearer" = ["ledger.read"])))]
#[get("/ledger")]
pub async fn list_ledger(
    state: Data<Reporting>,
    permit: Permit<LedgerRead>,
    query: PageQuery<LedgerFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let region = area::region(filter.region, &permit.scope())?;
    let period = Period::new(filter.from, filter.to)?;
    let wanted = Wanted {
        within: ledger::within(region),
        begins: period.begins(),
        ends: period.ends(),
        class: filter.class,
        source: filter.source,
        channel: filter.channel,
        type_code: filter.type_code,
        route: filter.route,
        track: filter.track,
        colour: filter.colour,
        outcome: filter.outcome,
        closed: filter.closed,
    };
    let mut conn = state.db.read().await?;
    let rows = ledger::list(&mut conn, &wanted, page.after()?, page.fetch()).await?;
    Ok(Reply::ok(PageOf::of(
        &page,
        rows,
        |row| (row.accepted_at, row.case_id),
        |row| row,
    )?))
}
