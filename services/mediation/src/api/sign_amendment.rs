//! Signing a new version of an agreement.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::mediation::SignerKind, ids::AgreementId, problems::common,
    roles::permission::AgreementSign,
};

use super::{effect, own_party, views::AgreementView};
use crate::{
    Mediation,
    domain::{Fact, signature::SignAgreement},
    store::{agreements, obligations, proceedings},
};

/// Sign a proposed new version of an agreement. With the last act it takes the old one's place: what was still open of that
/// is no longer owed. When the court had dismissed the application the parties have agreed anew (transition 23).
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement")),
    request_body = SignAgreement,
    responses((status = 200, description = "Signed", body = AgreementView), ProblemResponses),
    security(("bearer" = ["agreement.sign"]))
)]
#[post("/agreements/{id}/amendment-signatures")]
pub async fn sign_amendment(
    state: Data<Mediation>,
    call: Call<AgreementSign, SignAgreement>,
    id: Path<AgreementId>,
) -> Result<Reply, Problem> {
    let (id, scope, mut request) = (id.into_inner(), call.scope(), call.body.clone());
    if scope.applicant.is_some() {
        if request.signer != SignerKind::Party {
            return Err(Problem::new(&common::FORBIDDEN).at("/signer"));
        }
        let case_id = agreements::case_of(&mut *state.db.read().await?, id, &scope).await?;
        let own = own_party::of_case(&state, &scope, case_id).await?;
        request.party_id = request.party_id.or(own);
        own_party::check_same(own, request.party_id)?;
    }
    let work = state.db.command(&call, "sign_amendment", async |tx| {
        let agreement = agreements::load(tx, id, &scope).await?;
        call.check_version(agreement.version)?;
        let (seen, now, policy) = (agreement.version, tx.now(), &state.policy);
        let mut agreement = agreement.sign_amendment(&request, policy, now)?;
        if agreement.amendment_signed(policy) {
            let proceeding = proceedings::load(tx, agreement.proceeding_id, &scope).await?;
            let (seen, before) = (
                proceeding.version,
                obligations::of_agreement(tx.conn(), id).await?,
            );
            let amended = agreement.apply_amendment(proceeding, before, now)?;
            if amended.proceeding.version != seen {
                proceedings::update(tx, &amended.proceeding, seen).await?;
            }
            effect::supersede(tx, &amended.superseded).await?;
            effect::begin(tx, &amended.agreement, &amended.obligations, policy).await?;
            Fact::publish_all(&amended.facts, tx, amended.agreement.case_id)?;
            agreement = amended.agreement;
        }
        agreements::amend(tx, &agreement, seen).await?;
        let version = agreement.version;
        Ok(Reply::ok(AgreementView::from(agreement)).version(version))
    });
    work.await
}
