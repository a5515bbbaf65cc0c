//! `POST /requests/{id}/sign`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::RequestId, roles::permission::RequestHandle};

use super::{step, views::RequestView};
use crate::{Federation, desk, domain::terms, sending, store};

/// Sign for a request 签收.
///
/// From now on this node answers for the case when the kind hands it over; its dossier is opened, and the case is worked on here
/// under the same id. Who supervises a case gets its dossier with this signature.
#[utoipa::path(
    tag = "requests",
    operation_id = "sign_request",
    params(("id" = RequestId, Path, description = "The request")),
    responses((status = 200, description = "The signed request", body = RequestView), ProblemResponses),
    security(("bearer" = ["request.handle"]))
)]
#[post("/requests/{id}/sign")]
pub async fn sign_request(
    state: Data<Federation>,
    call: Call<RequestHandle, ()>,
    id: Path<RequestId>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let work = state.db.command(&call, "sign_request", async |tx| {
        let mut request = store::requests::load(tx.conn(), *id, &scope).await?;
        call.check_version(request.version)?;
        let sealed = request.sealed.clone();
        let kind = terms::kind(&state.policy, &request.kind)?;
        let mut notes = request.sign(kind, &call.principal.subject, tx.now())?;
        if let Some(signed) = notes.first_mut() {
            signed.sealed = sending::seal_with_signature(&state, tx, &request, kind).await?;
        }
        desk::taken(&state, tx, &mut request, &notes).await?;
        if let Some(sealed) = sealed {
            desk::open(&state, tx, &request, &sealed).await?;
        }
        step::reply(tx, request).await
    });
    work.await
}
