//! The list of obligations.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use chrono::NaiveDate;
use contracts::{ids::CaseId, roles::permission::ProceedingRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::ObligationView;
use crate::{Mediation, domain::obligation::ObligationState, store::obligations};

/// Which obligations are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ObligationFilter {
    /// In this state.
    pub state: Option<ObligationState>,
    /// Due earlier than this day.
    pub due_before: Option<NaiveDate>,
    /// Of this case; an applicant must name one of theirs.
    pub case_id: Option<CaseId>,
}

/// The obligations the caller may see, the earliest due first: what the organisation has to urge (人民调解法 31).
#[utoipa::path(
    tag = "performance",
    params(ObligationFilter, PageParams),
    responses((status = 200, description = "One page", body = PageOf<ObligationView>), ProblemResponses),
    security(("bearer" = ["proceeding.read"]))
)]
#[get("/obligations")]
pub async fn list_obligations(
    state: Data<Mediation>,
    permit: Permit<ProceedingRead>,
    query: PageQuery<ObligationFilter>,
) -> Result<Reply, Problem> {
    let (PageQuery { filter, page }, scope) = (query, permit.scope());
    state.bus.check_own_list(&scope, filter.case_id).await?;
    let mut conn = state.db.read().await?;
    let rows = obligations::list(&mut conn, &scope, &filter, &page).await?;
    let key = |row: &crate::domain::obligation::Obligation| (row.due_on, row.id);
    Ok(Reply::ok(PageOf::of(
        &page,
        rows,
        key,
        ObligationView::from,
    )?))
}
