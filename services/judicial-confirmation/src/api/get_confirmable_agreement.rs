//! Read whether an agreement may be confirmed.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::AgreementId, problems::common, roles::permission::ConfirmationRead};

use super::views::ConfirmableAgreementView;
use crate::{JudicialConfirmation, access, store};

/// An agreement in effect: the last day for a joint application, whether the law excludes it, the papers needed.
#[utoipa::path(
    tag = "agreements", operation_id = "get_confirmable_agreement",
    params(("id" = AgreementId, Path, description = "The agreement")),
    responses((status = 200, body = ConfirmableAgreementView), ProblemResponses),
    security(("bearer" = ["confirmation.read"]))
)]
#[get("/agreements/{id}")]
pub async fn get_confirmable_agreement(
    state: Data<JudicialConfirmation>,
    permit: Permit<ConfirmationRead>,
    id: Path<AgreementId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let found = store::agreements::find(&mut *state.db.read().await?, *id, &scope).await?;
    let agreement = found.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
    access::own_party(&state.bus, &scope, agreement.case_id).await?;
    let now = state.db.time().now();
    let view = ConfirmableAgreementView::of(agreement, state.policy.confirmation(), now);
    Ok(Reply::ok(view))
}
