//! Somebody of an organisation read a message.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::OrganisationMessageId, roles::permission::OrganisationMessageAcknowledge};

use super::list_organisation_messages::OrganisationMessageView;
use crate::{Intake, store::organisation_messages};

/// Note that a message to an organisation was read 已读. Who read it first stays.
#[utoipa::path(
    tag = "notifications",
    params(("id" = OrganisationMessageId, Path, description = "The message")),
    responses((status = 200, description = "The message", body = OrganisationMessageView), ProblemResponses),
    security(("bearer" = ["organisation_message.acknowledge"]))
)]
#[post("/organisation-messages/{id}/read")]
pub async fn read_organisation_message(
    state: Data<Intake>,
    call: Call<OrganisationMessageAcknowledge, ()>,
    id: Path<OrganisationMessageId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state
        .db
        .command(&call, "read_organisation_message", async |tx| {
            organisation_messages::load(tx.conn(), id, &scope).await?;
            organisation_messages::note_read(tx, id, &call.principal.subject).await?;
            let message = organisation_messages::load(tx.conn(), id, &scope).await?;
            Ok(Reply::ok(OrganisationMessageView::from(message)))
        });
    work.await
}
