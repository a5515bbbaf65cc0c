//! Signing an agreement.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::mediation::MediationOutcome, ids::AgreementId, roles::permission::AgreementSign,
};

use super::{effect, signing, views::AgreementView};
use crate::{
    Mediation,
    domain::{Fact, signature::SignAgreement},
    store::{agreements, proceedings},
};

/// Sign an agreement 签署: a party for itself, the mediator, or the organisation with its seal, one by one. With the last act
/// it needs the agreement takes effect and the proceeding ends (transition 18; 人民调解法 29).
#[utoipa::path(
    tag = "agreements",
    params(("id" = AgreementId, Path, description = "The agreement")),
    request_body = SignAgreement,
    responses((status = 200, description = "Signed", body = AgreementView), ProblemResponses),
    security(("bearer" = ["agreement.sign"]))
)]
#[post("/agreements/{id}/signatures")]
pub async fn sign_agreement(
    state: Data<Mediation>,
    call: Call<AgreementSign, SignAgreement>,
    id: Path<AgreementId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let request = signing::own(&state, &scope, id, call.body.clone()).await?;
    let work = state.db.command(&call, "sign_agreement", async |tx| {
        let (proceeding, agreement) = signing::lock(tx, id, &scope).await?;
        call.check_version(agreement.version)?;
        let (seen, now, policy) = (agreement.version, tx.now(), &state.policy);
        let (mut agreement, mut facts) = agreement.sign(&request, policy, now)?;
        let mut in_effect = None;
        if agreement.fully_signed(policy) {
            let (seen, end) = (
                proceeding.version,
                effect::end_code(policy, MediationOutcome::Agreed)?,
            );
            let mut effect =
                agreement.take_effect(proceeding, "sign_agreement", end, policy, now)?;
            facts.append(&mut effect.facts);
            proceedings::update(tx, &effect.proceeding, seen).await?;
            agreement = effect.agreement.clone();
            in_effect = Some(effect);
        }
        agreements::update(tx, &agreement, seen).await?;
        if let Some(effect) = in_effect {
            effect::after_effect(tx, &effect, "sign_agreement", policy).await?;
        }
        Fact::publish_all(&facts, tx, agreement.case_id)?;
        let version = agreement.version;
        Ok(Reply::ok(AgreementView::from(agreement)).version(version))
    });
    work.await
}
