//! Drafting an agreement.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::mediation::{AgreementForm, MediationOutcome},
    ids::{AgreementId, ProceedingId, TypedId as _},
    roles::permission::ProceedingConduct,
};

use super::{effect, views::AgreementView};
use crate::{
    Mediation,
    domain::{Fact, drafting::DraftAgreement},
    store::{agreements, numbers, proceedings},
};

/// Draft the agreement 调解协议 of a proceeding (人民调解法 28, 29), or draft it anew as long as nobody signed. An oral one
/// takes effect at once, as the mediator records it, with a number in the register of oral agreements (transition 18;
/// 人民调解法 30). One on a part of the dispute names what stays open. `If-Match` is the proceeding's version.
#[utoipa::path(
    tag = "agreements",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = DraftAgreement,
    responses((status = 201, description = "Drafted", body = AgreementView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/agreement")]
pub async fn draft_agreement(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, DraftAgreement>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "draft_agreement", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let earlier = match proceeding.agreement_id {
            Some(agreement_id) => Some(agreements::load(tx, agreement_id, &scope).await?),
            None => None,
        };
        let seen_agreement = earlier.as_ref().map(|agreement| agreement.version);
        let mut ids = || tx.new_id::<AgreementId>().uuid();
        let (mut proceeding, mut agreement, mut facts) =
            proceeding.draft(call.body.clone(), earlier, policy, &mut ids, now)?;
        let mut in_effect = None;
        if agreement.form == AgreementForm::Oral {
            let end = effect::end_code(policy, MediationOutcome::Agreed)?;
            let mut effect =
                agreement.take_effect(proceeding, "draft_agreement", end, policy, now)?;
            facts.append(&mut effect.facts);
            let (organisation, region) =
                (effect.agreement.organisation_id, effect.agreement.region);
            let series = &policy.mediation().agreement.oral_number;
            let number = numbers::next(tx, series, organisation, region).await?;
            effect.agreement.oral_number = Some(number);
            (proceeding, agreement) = (effect.proceeding.clone(), effect.agreement.clone());
            in_effect = Some(effect);
        }
        match seen_agreement {
            None => agreements::insert(tx, &agreement).await?,
            Some(seen) => agreements::redraft(tx, &agreement, seen).await?,
        }
        proceedings::update(tx, &proceeding, seen).await?;
        if let Some(effect) = in_effect {
            effect::after_effect(tx, &effect, "draft_agreement", policy).await?;
        }
        Fact::publish_all(&facts, tx, agreement.case_id)?;
        let location = format!("/mediation/v1/agreements/{}", agreement.id);
        let version = agreement.version;
        Ok(Reply::created(location, AgreementView::from(agreement)).version(version))
    });
    work.await
}
