//! The court accepts an application.

use actix_web::post;
use chassis::{
    clocks::Holder,
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRule};

use super::views::ApplicationView;
use crate::{JudicialConfirmation, domain::clock, store};

/// The court accepts the application 受理; it rules within 30 days (民事诉讼法 187).
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
    let scope = call.scope();
    let work = async |tx: &mut Tx| {
        let application = store::applications::load_for_court(tx.conn(), *id, &scope).await?;
        call.check_version(application.version)?;
        let (application, event) = application.accept(tx.now())?;
        store::applications::update(tx, &application).await?;
        tx.stop_clock(clock::ACCEPT, *id);
        let (policy, now) = (&state.policy, tx.now());
        // The court's own time, though the agreement was made elsewhere.
        let holder =
            Holder::new(application.case_id, application.region).organisation(application.court_id);
        tx.start_policy_clock(policy, clock::CONFIRM, None, *id, holder, now)?;
        tx.publish(application.case_id, &event)?;
        let version = application.version;
        let view = ApplicationView::of(application, state.policy.confirmation());
        Ok(Reply::ok(view).version(version))
    };
    state.db.command(&call, "accept_application", work).await
}
