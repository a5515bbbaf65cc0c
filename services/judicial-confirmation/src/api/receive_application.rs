//! The court receives an application.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRule};

use super::{Whose, change, start_clock, views::ApplicationView};
use crate::{JudicialConfirmation, domain::clock};

/// The court receives the joint application 法院收到; it has a few days to decide whether to accept it.
#[utoipa::path(
    tag = "court", operation_id = "receive_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/receive")]
pub async fn receive_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, ()>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let whose = (*id, Whose::OwnCourt);
    change(
        &state,
        &call,
        whose,
        "receive_application",
        async |tx, application| {
            let (mut application, event) = application.receive(tx.now())?;
            application.due_at = Some(start_clock(tx, &state.policy, clock::ACCEPT, &application)?);
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
