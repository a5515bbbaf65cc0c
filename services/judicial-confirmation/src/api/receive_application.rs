//! The court receives an application.

use actix_web::post;
use chassis::{
    clocks::Holder,
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use contracts::{ids::ApplicationId, roles::permission::ConfirmationRule};

use super::views::ApplicationView;
use crate::{JudicialConfirmation, domain::clock, store};

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
    let scope = call.scope();
    let work = async |tx: &mut Tx| {
        let application = store::applications::load_for_court(tx.conn(), *id, &scope).await?;
        call.check_version(application.version)?;
        let (application, event) = application.receive(tx.now())?;
        store::applications::update(tx, &application).await?;
        let (policy, now) = (&state.policy, tx.now());
        // The court's own time, though the agreement was made elsewhere.
        let holder =
            Holder::new(application.case_id, application.region).organisation(application.court_id);
        tx.start_policy_clock(policy, clock::ACCEPT, None, *id, holder, now)?;
        tx.publish(application.case_id, &event)?;
        let version = application.version;
        let view = ApplicationView::of(application, state.policy.confirmation());
        Ok(Reply::ok(view).version(version))
    };
    state.db.command(&call, "receive_application", work).await
}
