//! Registering default.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ObligationId, roles::permission::PerformanceRegister};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effect, views::ObligationView};
use crate::{
    Mediation,
    domain::Fact,
    store::{agreements, obligations},
};

/// Why an obligation was not performed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefaultObligation {
    /// The reason, or what the debtor said.
    pub reason: String,
}

/// Register that an obligation was not performed 未履行 (transition 26; 人民调解法 31-33), or that its debtor clearly said
/// it would not be (民法典 578).
#[utoipa::path(
    tag = "performance",
    params(("id" = ObligationId, Path, description = "The obligation")),
    request_body = DefaultObligation,
    responses((status = 200, description = "Registered", body = ObligationView), ProblemResponses),
    security(("bearer" = ["performance.register"]))
)]
#[post("/obligations/{id}/default")]
pub async fn default_obligation(
    state: Data<Mediation>,
    call: Call<PerformanceRegister, DefaultObligation>,
    id: Path<ObligationId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    if scope.applicant.is_some() {
        let case_id = obligations::case_of(&mut *state.db.read().await?, id, &scope).await?;
        state.bus.own_party(&scope, case_id).await?;
    }
    let work = state.db.command(&call, "default_obligation", async |tx| {
        let obligation = obligations::load(tx, id, &scope).await?;
        call.check_version(obligation.version)?;
        let agreement = agreements::load(tx, obligation.agreement_id, &scope).await?;
        let (seen, seen_agreement, now) = (obligation.version, agreement.version, tx.now());
        let done = obligation.default(agreement, call.body.reason.clone(), &state.policy, now)?;
        obligations::update(tx, &done.obligation, seen).await?;
        agreements::update(tx, &done.agreement, seen_agreement).await?;
        effect::stop_performance(tx, id);
        Fact::publish_all(&done.facts, tx, done.obligation.case_id)?;
        let version = done.obligation.version;
        Ok(Reply::ok(ObligationView::from(done.obligation)).version(version))
    });
    work.await
}
