//! The court does not accept an application.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRule};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, start_clock, views::ApplicationView};
use crate::{JudicialConfirmation, domain::clock, jobs};

/// Why the court does not accept it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseApplication {
    /// Reason code of the policy pack (民诉法解释 355).
    pub reason: String,
}

/// The court does not accept the application 不予受理 (transition 23); the answer names what the parties can do. While the
/// window is open another application may be made.
#[utoipa::path(
    tag = "court", operation_id = "refuse_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = RefuseApplication,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/refuse")]
pub async fn refuse_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, RefuseApplication>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (whose, confirmation) = ((*id, Whose::OwnCourt), state.policy.confirmation());
    change(
        &state,
        &call,
        whose,
        "refuse_application",
        async |tx, application| {
            let (mut application, event) =
                application.refuse(&call.body.reason, confirmation, tx.now())?;
            tx.stop_clock(clock::ACCEPT, *id);
            application.due_at = Some(start_clock(
                tx,
                &state.policy,
                clock::TELL_OPTIONS,
                &application,
            )?);
            jobs::reopen_window::run(tx, &state.policy, &application).await?;
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
