//! The court goes on with an application.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRule};

use super::{Whose, change, views::ApplicationView};
use crate::{JudicialConfirmation, standstill};

/// The suspicion is cleared up and the court goes on 恢复审查. It may do so too when the organisation that mediated suspects a sham:
/// what is to be confirmed the court decides.
#[utoipa::path(
    tag = "court", operation_id = "resume_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/resume")]
pub async fn resume_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, ()>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let whose = (*id, Whose::OwnCourt);
    change(
        &state,
        &call,
        whose,
        "resume_application",
        async |tx, application| {
            let (application, event) = application.resume(tx.now())?;
            let application = standstill::end(tx, &state.policy, application).await?;
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
