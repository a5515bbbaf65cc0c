//! The court treats an application as withdrawn.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRule};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, views::ApplicationView};
use crate::{JudicialConfirmation, domain::clock, jobs};

/// Why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TreatAsWithdrawn {
    /// Reason code of the policy pack (民诉法解释 357).
    pub reason: String,
}

/// The court treats the application as withdrawn 按撤回申请处理 (民诉法解释 357): a party refused to be questioned, or what was
/// asked for was not handed in. While the window is open another application may be made.
#[utoipa::path(
    tag = "court", operation_id = "treat_as_withdrawn",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = TreatAsWithdrawn,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/treat-as-withdrawn")]
pub async fn treat_as_withdrawn(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, TreatAsWithdrawn>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (whose, confirmation) = ((*id, Whose::OwnCourt), state.policy.confirmation());
    change(
        &state,
        &call,
        whose,
        "treat_as_withdrawn",
        async |tx, application| {
            let (application, event) =
                application.treat_as_withdrawn(&call.body.reason, confirmation, tx.now())?;
            for kind in [clock::SUPPLEMENT, clock::CONFIRM, clock::TARGET] {
                tx.stop_clock(kind, *id);
            }
            jobs::reopen_window::run(tx, &state.policy, &application).await?;
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
