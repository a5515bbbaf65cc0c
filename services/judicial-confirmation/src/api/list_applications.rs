//! List applications.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use chrono::NaiveDate;
use contracts::{
    ids::{AgreementId, CaseId},
    roles::permission::ConfirmationRead,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::ApplicationView;
use crate::{JudicialConfirmation, domain::application::ApplicationState, store::applications};

/// Which applications.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListApplications {
    /// Only in this state.
    pub state: Option<ApplicationState>,
    /// Only of this agreement.
    pub agreement_id: Option<AgreementId>,
    /// Only of this case; an applicant must name its case.
    pub case_id: Option<CaseId>,
    /// Only those whose running time limit ends before this day, in China.
    pub due_before: Option<NaiveDate>,
}

/// The applications the caller may see, the newest first. An applicant names its case.
#[utoipa::path(
    tag = "applications", operation_id = "list_applications",
    params(ListApplications, PageParams),
    responses((status = 200, body = PageOf<ApplicationView>), ProblemResponses),
    security(("bearer" = ["confirmation.read"]))
)]
#[get("/applications")]
pub async fn list_applications(
    state: Data<JudicialConfirmation>,
    permit: Permit<ConfirmationRead>,
    query: PageQuery<ListApplications>,
) -> Result<Reply, Problem> {
    let (scope, wanted) = (permit.scope(), query.filter);
    state.bus.check_own_list(&scope, wanted.case_id).await?;
    let mut conn = state.db.read().await?;
    let rows = applications::list(&mut conn, &scope, &wanted, &query.page).await?;
    let confirmation = state.policy.confirmation();
    let page = PageOf::of(
        &query.page,
        rows,
        |application| application.id,
        |application| ApplicationView::of(application, confirmation, &scope),
    )?;
    Ok(Reply::ok(page))
}
