//! List applications for effect.

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

use super::views::EffectApplicationView;
use crate::{JudicialConfirmation, domain::effect::EffectState, store::effects};

/// Which applications.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListEffectApplications {
    /// Only in this state.
    pub state: Option<EffectState>,
    /// Only this way, a code of the policy pack.
    pub kind: Option<String>,
    /// Only of this agreement.
    pub agreement_id: Option<AgreementId>,
    /// Only of this case; an applicant must name its case.
    pub case_id: Option<CaseId>,
    /// Only those whose running time limit ends before this day, in China.
    pub due_before: Option<NaiveDate>,
}

/// The applications for effect the caller may see, the newest first. An applicant names its case.
#[utoipa::path(
    tag = "effect", operation_id = "list_effect_applications",
    params(ListEffectApplications, PageParams),
    responses((status = 200, body = PageOf<EffectApplicationView>), ProblemResponses),
    security(("bearer" = ["confirmation.read"]))
)]
#[get("/effect-applications")]
pub async fn list_effect_applications(
    state: Data<JudicialConfirmation>,
    permit: Permit<ConfirmationRead>,
    query: PageQuery<ListEffectApplications>,
) -> Result<Reply, Problem> {
    let (scope, wanted) = (permit.scope(), query.filter);
    state.bus.check_own_list(&scope, wanted.case_id).await?;
    let mut conn = state.db.read().await?;
    let rows = effects::list(&mut conn, &scope, &wanted, &query.page).await?;
    let confirmation = state.policy.confirmation();
    let page = PageOf::of(
        &query.page,
        rows,
        |application| application.id,
        |application| EffectApplicationView::of(application, confirmation),
    )?;
    Ok(Reply::ok(page))
}
