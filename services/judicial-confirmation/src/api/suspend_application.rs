//! The court suspends an application.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRule};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Whose, change, views::ApplicationView};
use crate::{JudicialConfirmation, standstill};

/// Why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspendApplication {
    /// Reason code of the policy pack.
    pub reason: String,
}

/// Suspected of sham mediation, the application waits 暂停审查 until that is cleared up; meanwhile it can only end without a
/// confirmation, and its time limits stand still where their rules say so (人民法院在线调解规则 23).
#[utoipa::path(
    tag = "court", operation_id = "suspend_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = SuspendApplication,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/suspend")]
pub async fn suspend_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, SuspendApplication>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let (whose, confirmation) = ((*id, Whose::OwnCourt), state.policy.confirmation());
    change(
        &state,
        &call,
        whose,
        "suspend_application",
        async |tx, application| {
            let (application, event) =
                application.suspend((&call.body.reason, true), confirmation, tx.now())?;
            standstill::begin(tx, &state.policy, &application).await?;
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
