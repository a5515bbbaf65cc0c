//! Extending mediation.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use policy::clock::Approver;

use super::views::ProceedingView;
use crate::{
    Mediation, STATUTORY_CLOCK,
    domain::{Fact, extension::ExtendMediation},
    store::proceedings,
};

/// Extend the time of mediation 延长期限 with every party's recorded agreement (transition 14; 人民法院在线调解规则 24). How long
/// and how often the clock's rule says: `extension-capped` beyond it.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = ExtendMediation,
    responses((status = 200, description = "Extended", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/extend")]
pub async fn extend_mediation(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, ExtendMediation>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "extend_mediation", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        proceeding.check_extension(&call.body)?;
        let due = tx
            .extend_clock(policy, STATUTORY_CLOCK, id, Approver::AllParties)
            .await?;
        let (proceeding, facts) = proceeding.extend(call.body.clone(), due.at, now)?;
        proceedings::update(tx, &proceeding, seen).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
