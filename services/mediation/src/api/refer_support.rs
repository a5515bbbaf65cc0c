//! Referring a party to support.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use super::views::ProceedingView;
use crate::{
    Mediation,
    domain::{Fact, care::ReferSupport},
    store::proceedings,
};

/// Refer a party to psychological support 心理疏导 it consents to (ME-13).
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = ReferSupport,
    responses((status = 200, description = "Referred", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/referrals")]
pub async fn refer_support(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, ReferSupport>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "refer_support", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let (proceeding, facts) = proceeding.refer_support(call.body.clone(), policy, now)?;
        proceedings::update(tx, &proceeding, seen).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
