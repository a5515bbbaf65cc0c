//! The list of proceedings.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{ids::CaseId, roles::permission::ProceedingRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::ProceedingView;
use crate::{Mediation, domain::proceeding::ProceedingState, store::proceedings};

/// Which proceedings are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProceedingFilter {
    /// In this state.
    pub state: Option<ProceedingState>,
    /// Of this case; an applicant must name one of theirs.
    pub case_id: Option<CaseId>,
}

/// The proceedings the caller may see, the newest first.
#[utoipa::path(
    tag = "proceedings",
    params(ProceedingFilter, PageParams),
    responses((status = 200, description = "One page", body = PageOf<ProceedingView>), ProblemResponses),
    security(("bearer" = ["proceeding.read"]))
)]
#[get("/proceedings")]
pub async fn list_proceedings(
    state: Data<Mediation>,
    permit: Permit<ProceedingRead>,
    query: PageQuery<ProceedingFilter>,
) -> Result<Reply, Problem> {
    let (PageQuery { filter, page }, scope) = (query, permit.scope());
    state.bus.check_own_list(&scope, filter.case_id).await?;
    let mut conn = state.db.read().await?;
    let rows = proceedings::list(&mut conn, &scope, &filter, &page).await?;
    Ok(Reply::ok(PageOf::of(
        &page,
        rows,
        |row| row.id,
        ProceedingView::from,
    )?))
}
