//! Suspending mediation.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingPause};

use super::{effect, views::ProceedingView};
use crate::{
    Mediation, PAUSE_CLOCK,
    domain::{Fact, pause::PauseMediation},
    store::proceedings,
};

/// Suspend mediation 中止 for one of the listed reasons (transition 13; 人民法院在线调解规则 26). Only some of them stop the
/// clock; where the length is limited mediation goes on by itself when it is over.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = PauseMediation,
    responses((status = 200, description = "Suspended", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.pause"]))
)]
#[post("/proceedings/{id}/pause")]
pub async fn pause_mediation(
    state: Data<Mediation>,
    call: Call<ProceedingPause, PauseMediation>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "pause_mediation", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let type_code = Some(proceeding.type_code.as_str());
        let rule = proceeding.limit(policy).map_err(Problem::unexpected)?;
        let until = policy
            .due(PAUSE_CLOCK, type_code, now)
            .map_err(Problem::unexpected)?;
        let (proceeding, facts) = proceeding.pause(
            call.body.clone(),
            "pause_mediation",
            rule,
            until.at,
            policy,
            now,
        )?;
        proceedings::update(tx, &proceeding, seen).await?;
        effect::after_pause(tx, &proceeding, policy).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
