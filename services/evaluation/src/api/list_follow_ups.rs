//! List follow-ups.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use chrono::NaiveDate;
use contracts::{ids::CaseId, roles::permission::EvaluationRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::FollowUpView;
use crate::{Evaluation, domain::follow_up::FollowUpState, store::follow_ups};

/// Which follow-ups.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListFollowUps {
    /// Only in this state.
    pub state: Option<FollowUpState>,
    /// Only of this case; an applicant must name its case.
    pub case_id: Option<CaseId>,
    /// Only those whose last day is before this one.
    pub due_before: Option<NaiveDate>,
}

/// The follow-up visits the caller may see, the first due first. An applicant names its case.
#[utoipa::path(
    tag = "follow-ups", operation_id = "list_follow_ups",
    params(ListFollowUps, PageParams),
    responses((status = 200, body = PageOf<FollowUpView>), ProblemResponses),
    security(("bearer" = ["evaluation.read"]))
)]
#[get("/follow-ups")]
pub async fn list_follow_ups(
    state: Data<Evaluation>,
    permit: Permit<EvaluationRead>,
    query: PageQuery<ListFollowUps>,
) -> Result<Reply, Problem> {
    let (scope, wanted) = (permit.scope(), query.filter);
    let staff = scope.applicant.is_none();
    state.bus.check_own_list(&scope, wanted.case_id).await?;
    let mut conn = state.db.read().await?;
    let rows = follow_ups::list(&mut conn, &scope, &wanted, &query.page).await?;
    let page = PageOf::of(
        &query.page,
        rows,
        |follow_up| (follow_up.due_at, follow_up.id),
        |follow_up| FollowUpView::of(follow_up, staff),
    )?;
    Ok(Reply::ok(page))
}
