//! Choosing the mediators.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    ids::{MediatorId, PartyId, ProceedingId},
    roles::permission::MediatorChoose,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effect, own_party, roster, views::ProceedingView};
use crate::{ACCEPT_CLOCK, CHOOSE_CLOCK, Mediation, domain::Fact, store::proceedings};

/// Whom a party chooses, or the organisation appoints.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseMediator {
    /// The party; an applicant may leave it out. Without one the organisation appoints.
    pub party_id: Option<PartyId>,
    /// Mediators of the organisation; the first presides.
    pub mediator_ids: Vec<MediatorId>,
    /// Whether the party accepts the interests these mediators disclosed.
    #[serde(default)]
    pub accepts_interests: bool,
}

/// Choose the mediators 选定调解员 (人民调解法 19, 23): when every party names the same they are chosen. After two working
/// days without a common choice, or when a mediator refused or did not answer, the organisation may appoint
/// (人民法院在线调解规则 10, 12).
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = ChooseMediator,
    responses((status = 200, description = "Recorded", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["mediator.choose"]))
)]
#[post("/proceedings/{id}/mediator-choice")]
pub async fn choose_mediator(
    state: Data<Mediation>,
    call: Call<MediatorChoose, ChooseMediator>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let mut party = call.body.party_id;
    if scope.applicant.is_some() {
        let case_id = proceedings::case_of(&mut *state.db.read().await?, id, &scope).await?;
        let own = state.bus.own_party(&scope, case_id).await?;
        party = party.or(own);
        own_party::check_same(own, party)?;
    }
    let work = state.db.command(&call, "choose_mediator", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let (ids, accepts) = (call.body.mediator_ids.clone(), call.body.accepts_interests);
        let (proceeding, facts) = match party {
            Some(party) => proceeding.choose(party, ids, accepts, policy, now)?,
            None => proceeding.appoint(ids, policy, now)?,
        };
        let organisation = proceeding.organisation_id;
        roster::check_active(tx, organisation, &call.body.mediator_ids).await?;
        proceedings::update(tx, &proceeding, seen).await?;
        if !facts.is_empty() {
            tx.stop_clock(CHOOSE_CLOCK, id);
            effect::start_clock(tx, &proceeding, ACCEPT_CLOCK, policy).await?;
        }
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
