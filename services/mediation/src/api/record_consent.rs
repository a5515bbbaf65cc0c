//! Recording a party's answer.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::mediation::MediationOutcome,
    ids::{PartyId, ProceedingId},
    roles::permission::ConsentRecord,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effect, own_party, views::ProceedingView};
use crate::{
    CHOOSE_CLOCK, CONSENT_CLOCK, Mediation, START_CLOCK,
    domain::{Fact, consent::ConsentWay, proceeding::ProceedingState},
    store::proceedings,
};

/// What a party answered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordConsent {
    /// The party; an applicant answers only for themselves.
    pub party_id: PartyId,
    /// Whether it consents to mediation.
    pub consents: bool,
    /// How it answered.
    pub way: ConsentWay,
}

/// Record whether a party consents to mediation (人民调解法 17). A refusal, at first or later, ends the proceeding at once
/// with the notice of other ways (transition 12; 人民调解法 26).
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = RecordConsent,
    responses((status = 200, description = "Recorded", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["consent.record"]))
)]
#[post("/proceedings/{id}/consents")]
pub async fn record_consent(
    state: Data<Mediation>,
    call: Call<ConsentRecord, RecordConsent>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let RecordConsent {
        party_id,
        consents,
        way,
    } = call.body;
    if scope.applicant.is_some() {
        let case_id = proceedings::case_of(&mut *state.db.read().await?, id, &scope).await?;
        let own = state.bus.own_party(&scope, case_id).await?;
        own_party::check_same(own, Some(party_id))?;
    }
    let work = state.db.command(&call, "record_consent", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (before, now, policy) = (proceeding.clone(), tx.now(), &state.policy);
        let (proceeding, facts) = if consents {
            proceeding.consent(party_id, way, policy, now)?
        } else {
            let end = effect::end_code(policy, MediationOutcome::Refused)?;
            proceeding.refuse(party_id, way, end, policy, now)?
        };
        proceedings::update(tx, &proceeding, before.version).await?;
        if proceeding.state == ProceedingState::Refused {
            effect::after_end(tx, &before, &proceeding, "record_consent", policy).await?;
        } else if proceeding.all_consented() {
            tx.stop_clock(CONSENT_CLOCK, id);
            for clock in [CHOOSE_CLOCK, START_CLOCK] {
                effect::start_clock(tx, &proceeding, clock, policy).await?;
            }
        }
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
