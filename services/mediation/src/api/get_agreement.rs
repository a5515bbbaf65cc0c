//! One agreement.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::AgreementId, roles::permission::ProceedingRead};
use serde::Serialize;
use utoipa::ToSchema;

use super::views::{AgreementView, ObligationView};
use crate::{
    Mediation,
    store::{agreements, obligations},
};

/// An agreement with its obligations.
#[derive(Serialize, ToSchema)]
pub struct AgreementDetail {
    /// The agreement.
    #[serde(flatten)]
    pub agreement: AgreementView,
    /// Its obligations, the earliest due first; none before it takes effect.
    pub obligations: Vec<ObligationView>,
}

/// An agreement: what it says, who signed, what was performed.
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement")),
    responses((status = 200, description = "The agreement", body = AgreementDetail), ProblemResponses),
    security(("bearer" = ["proceeding.read"]))
)]
#[get("/agreements/{id}")]
pub async fn get_agreement(
    state: Data<Mediation>,
    permit: Permit<ProceedingRead>,
    id: Path<AgreementId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let agreement = agreements::read(&mut *state.db.read().await?, *id, &scope).await?;
    state.bus.own_party(&scope, agreement.case_id).await?;
    let mut conn = state.db.read().await?;
    let obligations = obligations::of_agreement(&mut conn, *id).await?.into_iter();
    let version = agreement.version;
    let detail = AgreementDetail {
        agreement: agreement.into(),
        obligations: obligations.map(ObligationView::from).collect(),
    };
    Ok(Reply::ok(detail).version(version))
}
