//! The search for mediators.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{
    events::mediation::MediatorStanding, ids::OrganisationId, region::RegionCode,
    roles::permission::RegisterRead,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::MediatorView;
use crate::{Mediation, domain::mediator::Mediator, store::mediators};

/// Which mediators are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MediatorFilter {
    /// In this region or under it.
    #[param(value_type = Option<String>)]
    pub region: Option<RegionCode>,
    /// Of this organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Of this kind: full-time, part-time, expert pool.
    pub class: Option<String>,
    /// Of this level.
    pub level: Option<String>,
    /// Of this background.
    pub background: Option<String>,
    /// Who know this dispute type best.
    pub specialty: Option<String>,
    /// Of this standing.
    pub standing: Option<MediatorStanding>,
}

/// The mediators of the caller's region, the earliest first, with their workload: the roster 机构人员名册 and the expert pool
/// 调解专家库 (ME-02).
#[utoipa::path(
    tag = "register",
    params(MediatorFilter, PageParams),
    responses((status = 200, description = "One page", body = PageOf<MediatorView>), ProblemResponses),
    security(("bearer" = ["register.read"]))
)]
#[get("/mediators")]
pub async fn search_mediators(
    state: Data<Mediation>,
    permit: Permit<RegisterRead>,
    query: PageQuery<MediatorFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let mut conn = state.db.read().await?;
    let rows = mediators::search(&mut conn, &permit.scope(), &filter, &page).await?;
    let workload = mediators::workload(&mut conn, &rows).await?;
    let view = |row: Mediator| {
        let open = workload.get(&row.id).copied().unwrap_or_default();
        MediatorView::of(row, open)
    };
    Ok(Reply::ok(PageOf::of(&page, rows, |row| row.id, view)?))
}
