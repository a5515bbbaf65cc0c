//! `GET /rosters`.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use chrono::{DateTime, Utc};
use contracts::{ids::OrganisationId, roles::permission::TriageRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::consultation_views::RosterEntryView;
use crate::{Triage, store};

/// Which entries are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RosterFilter {
    /// Only of this organisation.
    pub organisation: Option<OrganisationId>,
    /// Only those in force at this time: who is on duty.
    pub at: Option<DateTime<Utc>>,
}

/// Duty rosters by when their entries begin. Callers bound to an organisation see its own.
#[utoipa::path(
    tag = "rosters",
    operation_id = "list_rosters",
    params(RosterFilter, PageParams),
    responses((status = 200, description = "A page of entries", body = PageOf<RosterEntryView>), ProblemResponses),
    security(("bearer" = ["triage.read"]))
)]
#[get("/rosters")]
pub async fn list_rosters(
    state: Data<Triage>,
    permit: Permit<TriageRead>,
    query: PageQuery<RosterFilter>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let PageQuery { filter, page } = query;
    let (organisation, at) = (filter.organisation, filter.at);
    let scope = permit.scope();
    let rows = store::rosters::list(&mut conn, &scope, organisation, at, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |row| (row.starts_at, row.id),
        RosterEntryView::from,
    )?;
    Ok(Reply::ok(page))
}
