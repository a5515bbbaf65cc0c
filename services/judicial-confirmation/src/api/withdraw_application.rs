//! Withdraw an application.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationApply};

use super::{Whose, change, own_party_in, views::ApplicationView};
use crate::{
    JudicialConfirmation,
    domain::{application::ApplicationState, clock},
    jobs,
};

/// A party takes the application back 撤回, at any time before the ruling (民诉法解释 357). While the window is open another one
/// may be made.
#[utoipa::path(
    tag = "applications", operation_id = "withdraw_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/applications/{id}/withdraw")]
pub async fn withdraw_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, ()>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    own_party_in(&state, &call.scope(), *id).await?;
    let whose = (*id, Whose::Seen);
    change(
        &state,
        &call,
        whose,
        "withdraw_application",
        async |tx, application| {
            let before = application.state;
            let (application, event) = application.withdraw(tx.now())?;
            for kind in [
                clock::ACCEPT,
                clock::SUPPLEMENT,
                clock::CONFIRM,
                clock::TARGET,
            ] {
                tx.stop_clock(kind, *id);
            }
            let window_runs = matches!(
                before,
                ApplicationState::Preparing | ApplicationState::AwaitOtherParty
            );
            if !window_runs {
                jobs::reopen_window::run(tx, &state.policy, &application).await?;
            }
            tx.publish(application.case_id, &event)?;
            Ok(application)
        },
    )
    .await
}
