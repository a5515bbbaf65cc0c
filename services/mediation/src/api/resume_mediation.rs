//! Going on with mediation.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingPause};

use super::{effect, views::ProceedingView};
use crate::{Mediation, domain::Fact, store::proceedings};

/// Go on with mediation 恢复 after a suspension (transition 13). Where the clock stood still its end moves by that time.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    responses((status = 200, description = "Resumed", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.pause"]))
)]
#[post("/proceedings/{id}/resume")]
pub async fn resume_mediation(
    state: Data<Mediation>,
    call: Call<ProceedingPause, ()>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "resume_mediation", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, policy) = (proceeding.version, &state.policy);
        let (proceeding, facts) = effect::resume(tx, proceeding, policy).await?;
        proceedings::update(tx, &proceeding, seen).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
