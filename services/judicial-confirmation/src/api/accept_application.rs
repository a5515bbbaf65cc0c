//! The court accepts an application.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRule};

use super::{Whose, change, start_clock, views::ApplicationView};
use crate::{JudicialConfirmation, domain::clock};

/// The court accepts the application 受理; it rules within 30 days (民事诉讼法 187), with a target of its own before that.
#[utoipa::path(
    tag = "court", operation_id = "accept_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.rule"]))
)]
#[post("/applications/{id}/accept")]
pub async fn accept_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationRule, ()>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let whose = (*id, Whose::OwnCourt);
    change(
        &state,
        &call,
        whose,
        "accept_application",
        async |tx, application| {
            let (mut application, event) = application.accept(tx.now())?;
            tx.stop_clock(clock::ACCEPT, *id);
            start_clock(tx, &state.policy, clock::TARGET, &application)?;
            application.due_at = Some(start_clock(
                tx,
                &state.policy,
                clock::CONFIRM,
                &application,
            )?);
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
