//! The list of agreements.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{events::mediation::AgreementForm, ids::CaseId, roles::permission::ProceedingRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::AgreementView;
use crate::{Mediation, domain::agreement::AgreementState, store::agreements};

/// Which agreements are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgreementFilter {
    /// In this form: `oral` is the register of oral agreements.
    pub form: Option<AgreementForm>,
    /// In this state.
    pub state: Option<AgreementState>,
    /// Of this case; an applicant must name one of theirs.
    pub case_id: Option<CaseId>,
}

/// The agreements the caller may see, the newest first; with `form=oral` the register of oral agreements 口头协议登记
/// (人民调解法 28, 30).
#[utoipa::path(
    tag = "agreements",
    params(AgreementFilter, PageParams),
    responses((status = 200, description = "One page", body = PageOf<AgreementView>), ProblemResponses),
    security(("bearer" = ["proceeding.read"]))
)]
#[get("/agreements")]
pub async fn list_agreements(
    state: Data<Mediation>,
    permit: Permit<ProceedingRead>,
    query: PageQuery<AgreementFilter>,
) -> Result<Reply, Problem> {
    let (PageQuery { filter, page }, scope) = (query, permit.scope());
    state.bus.check_own_list(&scope, filter.case_id).await?;
    let mut conn = state.db.read().await?;
    let rows = agreements::list(&mut conn, &scope, &filter, &page).await?;
    Ok(Reply::ok(PageOf::of(
        &page,
        rows,
        |row| row.id,
        AgreementView::from,
    )?))
}
