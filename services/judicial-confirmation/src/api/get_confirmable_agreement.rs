//! Read whether an agreement may be confirmed.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::AgreementId, roles::permission::ConfirmationRead};

use super::{agreement_seen, views::ConfirmableAgreementView};
use crate::{JudicialConfirmation, store};

/// An agreement in effect: the last day for a joint application, whether the law excludes it, the papers needed, the other ways
/// to give it effect. A court, and any other body, sees those of the applications made to it.
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
    let (agreement, _) = agreement_seen(&state, &scope, *id).await?;
    let now = state.db.time().now();
    let suspected = store::suspicions::is_open(&mut *state.db.read().await?, *id).await?;
    let confirmation = state.policy.confirmation();
    let view = ConfirmableAgreementView::of(agreement, suspected, confirmation, now);
    Ok(Reply::ok(view))
}
