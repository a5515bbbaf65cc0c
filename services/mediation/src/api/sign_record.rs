//! Signing the record of a session.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::mediation::SignerKind, ids::ProceedingId, problems::common,
    roles::permission::AgreementSign,
};

use super::{own_party, views::SessionView};
use crate::{
    Mediation,
    domain::session::SignRecord,
    store::{proceedings, sessions},
};

/// Sign the record of a session 调解笔录 as somebody who was there, or as the mediator (人民调解法 27).
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = SignRecord,
    responses((status = 200, description = "Signed", body = SessionView), ProblemResponses),
    security(("bearer" = ["agreement.sign"]))
)]
#[post("/proceedings/{id}/session-signatures")]
pub async fn sign_record(
    state: Data<Mediation>,
    call: Call<AgreementSign, SignRecord>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope, mut request) = (id.into_inner(), call.scope(), call.body.clone());
    if scope.applicant.is_some() {
        let case_id = proceedings::case_of(&mut *state.db.read().await?, id, &scope).await?;
        let own = state.bus.own_party(&scope, case_id).await?;
        if request.signer != SignerKind::Party {
            return Err(Problem::new(&common::FORBIDDEN).at("/signer"));
        }
        request.party_id = request.party_id.or(own);
        own_party::check_same(own, request.party_id)?;
    }
    let work = state.db.command(&call, "sign_record", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        let session = sessions::lock(tx, proceeding.id, request.session_id).await?;
        let session =
            session.ok_or_else(|| Problem::new(&common::INVALID_BODY).at("/session_id"))?;
        let session = session.sign(&request, &state.policy, tx.now())?;
        sessions::sign(tx, &session).await?;
        let mediates = scope.organisation.is_some();
        Ok(Reply::ok(SessionView::of(session, mediates)))
    });
    work.await
}
