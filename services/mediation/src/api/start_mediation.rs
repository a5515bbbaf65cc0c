//! Starting mediation.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    ids::{MediatorId, ProceedingId},
    roles::permission::ProceedingConduct,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effect, roster, views::ProceedingView};
use crate::{
    Mediation, STATUTORY_CLOCK,
    domain::{Fact, start::Disclosure},
    store::proceedings,
};

/// Who mediates.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartMediation {
    /// Mediators of the organisation; the first presides (人民调解法 19). May be left out when they were chosen before.
    #[serde(default)]
    pub mediator_ids: Vec<MediatorId>,
    /// Interests of theirs in the case, which every party must have accepted (人民法院在线调解规则 13).
    #[serde(default)]
    pub disclosures: Vec<Disclosure>,
}

/// Start mediation 调解中 once every party has consented (transition 11; 人民调解法 17, 19), with the mediators who were
/// chosen and have accepted. Without a choice on record the start itself records whom the parties chose at the desk.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = StartMediation,
    responses((status = 200, description = "Started", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/start")]
pub async fn start_mediation(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, StartMediation>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "start_mediation", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let StartMediation {
            mediator_ids,
            disclosures,
        } = call.body.clone();
        let (seen, case_id) = (proceeding.version, proceeding.case_id);
        let (now, policy, type_code) = (tx.now(), &state.policy, proceeding.type_code.clone());
        let due = policy
            .due(STATUTORY_CLOCK, Some(&type_code), now)
            .map_err(Problem::unexpected)?;
        let (proceeding, facts) =
            proceeding.start(mediator_ids, disclosures, policy, due.at, now)?;
        roster::check(tx, &proceeding).await?;
        proceedings::update(tx, &proceeding, seen).await?;
        effect::stop_asking(tx, id);
        effect::start_clock(tx, &proceeding, STATUTORY_CLOCK, policy).await?;
        Fact::publish_all(&facts, tx, case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
