//! Replacing mediators.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use super::{keeper, roster, views::ProceedingView};
use crate::{
    Mediation,
    domain::{Fact, replacement::ReplaceMediators},
    store::proceedings,
};

/// Let other mediators of the organisation take over 更换调解员, with a reason and every party's acceptance
/// (人民法院在线调解规则 14; 人民调解法 23).
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = ReplaceMediators,
    responses((status = 200, description = "Replaced", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/mediator-change")]
pub async fn replace_mediators(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, ReplaceMediators>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "replace_mediators", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let (proceeding, facts) = proceeding.replace_mediators(call.body.clone(), policy, now)?;
        roster::check(tx, &proceeding).await?;
        proceedings::update(tx, &proceeding, seen).await?;
        keeper::assign(tx, &proceeding).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
