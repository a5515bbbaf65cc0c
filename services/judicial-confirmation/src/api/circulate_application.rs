//! The court tells why it did not confirm.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRule};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, text, views::ApplicationView};
use crate::JudicialConfirmation;

/// A circular.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CirculateApplication {
    /// What is to be learnt from it.
    pub text: String,
    /// To whom, codes of the policy pack.
    pub recipients: Vec<String>,
}

/// The court tells the organisation that mediated and the justice bureau why it did not confirm 通报 (法释〔2011〕5号 12). The
/// organisation reads it with the application; the parties do not.
#[utoipa::path(
    tag = "court", operation_id = "circulate_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = CirculateApplication,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/circulate")]
pub async fn circulate_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, CirculateApplication>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (whose, confirmation) = ((*id, Whose::OwnCourt), state.policy.confirmation());
    let note = text(&call.body.text, state.policy.limits().note_max, "/text")?;
    change(
        &state,
        &call,
        whose,
        "circulate_application",
        async |tx, application| {
            let recipients = call.body.recipients.clone();
            let (application, event) =
                application.circulate(note.clone(), recipients, confirmation, tx.now())?;
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
