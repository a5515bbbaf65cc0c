//! The work ledger 工作台账 of screening.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{
    events::intake::ScreeningKind, region::RegionCode, roles::permission::ScreeningRead,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::screening_view::ScreeningView;
use crate::{Intake, domain::screening::ScreeningState, store::screenings};

/// Which risks are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ScreeningFilter {
    /// In this state.
    pub state: Option<ScreeningState>,
    /// Found by routine or targeted screening.
    pub kind: Option<ScreeningKind>,
    /// Of this category.
    pub category: Option<String>,
    /// Of this severity.
    pub severity: Option<String>,
    /// In this region or under it.
    #[param(value_type = Option<String>)]
    pub region: Option<RegionCode>,
}

/// One page of the ledger.
#[derive(Serialize, ToSchema)]
pub struct ScreeningPage {
    /// The risks, the newest first.
    #[serde(flatten)]
    pub page: PageOf<ScreeningView>,
    /// How many there are on all pages together, counted up to the policy pack's `search.total_max`.
    pub total: i64,
    /// Whether there are more than `total`.
    pub total_capped: bool,
}

/// The work ledger 工作台账 of screening: hidden risks and what became of them, the newest first (IN-15).
#[utoipa::path(
    tag = "screenings",
    params(ScreeningFilter, PageParams),
    responses((status = 200, description = "One page", body = ScreeningPage), ProblemResponses),
    security(("bearer" = ["screening.read"]))
)]
#[get("/screenings")]
pub async fn list_screenings(
    state: Data<Intake>,
    permit: Permit<ScreeningRead>,
    query: PageQuery<ScreeningFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let (scope, max) = (permit.scope(), state.policy.intake().search.total_max);
    let mut conn = state.db.read().await?;
    let rows = screenings::list(&mut conn, &scope, &filter, &page).await?;
    let found = screenings::count(&mut conn, &scope, &filter, max).await?;
    let page = PageOf::of(
        &page,
        rows,
        |screening| (screening.created_at, screening.id),
        ScreeningView::of,
    )?;
    Ok(Reply::ok(ScreeningPage {
        page,
        total: found.min(max),
        total_capped: found > max,
    }))
}
