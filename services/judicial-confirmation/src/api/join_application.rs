//! Join an application.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use contracts::{
    ids::{ApplicationId, PartyId},
    roles::permission::ConfirmationApply,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{own_party_in, views::ApplicationView};
use crate::{JudicialConfirmation, access, domain::clock, store};

/// Another party joins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinApplication {
    /// The party that joins; a party's own account need not name it.
    pub party_id: Option<PartyId>,
}

/// Another party joins the application within the window; with the last one it is submitted jointly 共同提交 (transition 21;
/// 民事诉讼法 205).
#[utoipa::path(
    tag = "applications", operation_id = "join_application",
    params(("id" = ApplicationId, Path, description = "The application")),
    request_body = JoinApplication,
    responses((status = 200, body = ApplicationView), ProblemResponses),
    security(("bearer" = ["confirmation.apply"]))
)]
#[post("/applications/{id}/join")]
pub async fn join_application(
    state: Data<JudicialConfirmation>,
    call: Call<ConfirmationApply, JoinApplication>,
    id: Path<ApplicationId>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let own = own_party_in(&state, &scope, *id).await?;
    let party_id = access::acting_party(own, call.body.party_id)?;
    let work = async |tx: &mut Tx| {
        let application = store::applications::load(tx.conn(), *id, &scope).await?;
        call.check_version(application.version)?;
        let (application, event) = application.join(party_id, tx.now())?;
        store::applications::update(tx, &application).await?;
        if let Some(event) = event {
            tx.stop_clock(clock::APPLY, application.agreement_id);
            tx.publish(application.case_id, &event)?;
        }
        let version = application.version;
        let view = ApplicationView::of(application, state.policy.confirmation());
        Ok(Reply::ok(view).version(version))
    };
    state.db.command(&call, "join_application", work).await
}
