//! Registering performance.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ObligationId, roles::permission::PerformanceRegister};

use super::{effect, views::ObligationView};
use crate::{
    Mediation,
    domain::{Fact, obligation::Fulfilment},
    store::{agreements, obligations},
};

/// Register that an obligation was performed 履行登记, with its proof (transition 25; 人民调解法 31), also late, after its default
/// was registered: nobody can have it enforced then. With the last one the agreement is performed.
#[utoipa::path(
    tag = "performance",
    params(("id" = ObligationId, Path, description = "The obligation")),
    request_body = Fulfilment,
    responses((status = 200, description = "Registered", body = ObligationView), ProblemResponses),
    security(("bearer" = ["performance.register"]))
)]
#[post("/obligations/{id}/fulfil")]
pub async fn fulfil_obligation(
    state: Data<Mediation>,
    call: Call<PerformanceRegister, Fulfilment>,
    id: Path<ObligationId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    if scope.applicant.is_some() {
        let case_id = obligations::case_of(&mut *state.db.read().await?, id, &scope).await?;
        state.bus.own_party(&scope, case_id).await?;
    }
    let work = state.db.command(&call, "fulfil_obligation", async |tx| {
        let obligation = obligations::load(tx, id, &scope).await?;
        call.check_version(obligation.version)?;
        let agreement = agreements::load(tx, obligation.agreement_id, &scope).await?;
        let (seen, seen_agreement, now) = (obligation.version, agreement.version, tx.now());
        let all = obligations::of_agreement(tx.conn(), agreement.id).await?;
        let done = obligation.fulfil(agreement, &all, call.body.clone(), &state.policy, now)?;
        obligations::update(tx, &done.obligation, seen).await?;
        agreements::update(tx, &done.agreement, seen_agreement).await?;
        effect::stop_performance(tx, id);
        Fact::publish_all(&done.facts, tx, done.obligation.case_id)?;
        let version = done.obligation.version;
        Ok(Reply::ok(ObligationView::from(done.obligation)).version(version))
    });
    work.await
}
