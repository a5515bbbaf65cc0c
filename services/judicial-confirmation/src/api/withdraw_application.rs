//! Withdraw an application.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationApply};

use super::{own_party_in, views::ApplicationView};
use crate::{
    JudicialConfirmation,
    domain::{application::ApplicationState, clock},
    jobs, store,
};

/// A party takes the application back 撤回, at any time before the ruling. While the window is open another one may be made.
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
    let scope = call.scope();
    own_party_in(&state, &scope, *id).await?;
    let work = async |tx: &mut Tx| {
        let application = store::applications::load(tx.conn(), *id, &scope).await?;
        call.check_version(application.version)?;
        let before = application.state;
        let (application, event) = application.withdraw(tx.now())?;
        store::applications::update(tx, &application).await?;
        match before {
            ApplicationState::CourtReceived => tx.stop_clock(clock::ACCEPT, *id),
            ApplicationState::CourtAccepted => tx.stop_clock(clock::CONFIRM, *id),
            _ => {}
        }
        if before != ApplicationState::AwaitOtherParty {
            jobs::reopen_window::run(tx, &state.policy, &application)?;
        }
        tx.publish(application.case_id, &event)?;
        let version = application.version;
        let view = ApplicationView::of(application, state.policy.confirmation());
        Ok(Reply::ok(view).version(version))
    };
    state.db.command(&call, "withdraw_application", work).await
}
