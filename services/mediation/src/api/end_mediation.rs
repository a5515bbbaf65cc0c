//! Ending mediation without an agreement.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use super::{effect, views::ProceedingView};
use crate::{
    Mediation,
    domain::{Fact, ending::EndMediation},
    store::proceedings,
};

/// End mediation 终止调解 with one of the closed list of codes (transitions 12, 19; 人民法院在线调解规则 25). When nothing was
/// settled the answer holds the notice of other ways (人民调解法 26). An unsigned or half-signed draft lapses.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = EndMediation,
    responses((status = 200, description = "Ended", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/end")]
pub async fn end_mediation(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, EndMediation>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "end_mediation", async |tx| {
        let before = proceedings::load(tx, id, &scope).await?;
        call.check_version(before.version)?;
        let now = tx.now();
        let (proceeding, facts) = before.clone().end(call.body.clone(), &state.policy, now)?;
        proceedings::update(tx, &proceeding, before.version).await?;
        let policy = &state.policy;
        effect::after_end(tx, &before, &proceeding, "end_mediation", policy).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
