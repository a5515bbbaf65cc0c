//! The register of organisations.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{region::RegionCode, roles::permission::RegisterRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::OrganisationView;
use crate::{Mediation, store::organisations};

/// Which organisations are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrganisationFilter {
    /// In this region or under it.
    #[param(value_type = Option<String>)]
    pub region: Option<RegionCode>,
    /// Of this kind.
    pub kind: Option<String>,
    /// That handle this route.
    pub route: Option<String>,
}

/// The mediation organisations of the caller's region, the earliest first. The register is public (人民调解法 10): a caller
/// bound to an organisation sees the others too.
#[utoipa::path(
    tag = "register",
    params(OrganisationFilter, PageParams),
    responses((status = 200, description = "One page", body = PageOf<OrganisationView>), ProblemResponses),
    security(("bearer" = ["register.read"]))
)]
#[get("/organisations")]
pub async fn list_organisations(
    state: Data<Mediation>,
    permit: Permit<RegisterRead>,
    query: PageQuery<OrganisationFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let mut conn = state.db.read().await?;
    let rows = organisations::list(&mut conn, &permit.scope(), &filter, &page).await?;
    Ok(Reply::ok(PageOf::of(
        &page,
        rows,
        |row| row.id,
        OrganisationView::from,
    )?))
}
