//! Reporting a sham.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use super::{effect, views::ProceedingView};
use crate::{
    Mediation, PAUSE_CLOCK,
    domain::{Fact, proceeding::ProceedingState, sham::SuspectSham},
    store::proceedings,
};

/// Report a suspicion of a sham mediation 虚假调解 (JC-09; 民事诉讼法 115). What is being mediated is suspended; the court is told.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = SuspectSham,
    responses((status = 200, description = "Reported", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/suspect-sham")]
pub async fn suspect_sham(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, SuspectSham>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "suspect_sham", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let type_code = Some(proceeding.type_code.as_str());
        let rule = proceeding.limit(policy).map_err(Problem::unexpected)?;
        let until = policy
            .due(PAUSE_CLOCK, type_code, now)
            .map_err(Problem::unexpected)?;
        let mediating = proceeding.state == ProceedingState::Mediating;
        let (proceeding, facts) =
            proceeding.suspect_sham(call.body.clone(), rule, until.at, policy, now)?;
        if mediating {
            effect::after_pause(tx, &proceeding, policy).await?;
        }
        proceedings::update(tx, &proceeding, seen).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
