//! Clearing a suspicion.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ShamClear};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::ProceedingView;
use crate::{Mediation, domain::Fact, store::proceedings};

/// What the check found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClearSham {
    /// Why the suspicion was unfounded.
    pub finding: String,
}

/// Clear a suspicion of a sham mediation that was unfounded. A suspended proceeding may be resumed then.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = ClearSham,
    responses((status = 200, description = "Cleared", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["sham.clear"]))
)]
#[post("/proceedings/{id}/clear-sham")]
pub async fn clear_sham(
    state: Data<Mediation>,
    call: Call<ShamClear, ClearSham>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "clear_sham", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let finding = call.body.finding.clone();
        let (proceeding, facts) = proceeding.clear_sham(finding, policy, now)?;
        proceedings::update(tx, &proceeding, seen).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
