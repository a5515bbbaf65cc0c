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
    Mediation,
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
    /// The procedure of the court that entrusted mediation: a code of the policy pack. Only on routes whose time limit depends on
    /// it, and required there.
    #[serde(default)]
    pub procedure: Option<String>,
}

/// Start mediation 调解中 once every party has consented (transition 11; 人民调解法 17, 19), with the mediators who were
/// chosen and have accepted. Without a choice on record the start itself records whom the parties chose at the desk. The time limit
/// of the route begins (of a route whose limit depends on the court's procedure: `procedure-required`), and the target of the track.
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
            procedure,
        } = call.body.clone();
        let (seen, case_id) = (proceeding.version, proceeding.case_id);
        let (now, policy) = (tx.now(), &state.policy);
        let proceeding = proceeding.in_procedure(procedure, policy)?;
        let limit = proceeding.limit(policy).map_err(Problem::unexpected)?;
        let due = limit.due(now, policy.calendar());
        let (proceeding, facts) =
            proceeding.start(mediator_ids, disclosures, policy, due.at, now)?;
        roster::check(tx, &proceeding).await?;
        proceedings::update(tx, &proceeding, seen).await?;
        effect::stop_asking(tx, id);
        effect::start_limit(tx, &proceeding, policy).await?;
        Fact::publish_all(&facts, tx, case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
