//! Reporting to the police.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, roles::permission::ProceedingConduct};

use super::views::ProceedingView;
use crate::{
    Mediation,
    domain::{Fact, care::ReportToPolice},
    store::proceedings,
};

/// Report to the police what may escalate or become a public-security or criminal case (人民调解法 25): the mediator must.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    request_body = ReportToPolice,
    responses((status = 200, description = "Reported", body = ProceedingView), ProblemResponses),
    security(("bearer" = ["proceeding.conduct"]))
)]
#[post("/proceedings/{id}/police-report")]
pub async fn report_police(
    state: Data<Mediation>,
    call: Call<ProceedingConduct, ReportToPolice>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "report_police", async |tx| {
        let proceeding = proceedings::load(tx, id, &scope).await?;
        call.check_version(proceeding.version)?;
        let (seen, now, policy) = (proceeding.version, tx.now(), &state.policy);
        let (proceeding, facts) = proceeding.report_police(call.body.clone(), policy, now)?;
        proceedings::update(tx, &proceeding, seen).await?;
        Fact::publish_all(&facts, tx, proceeding.case_id)?;
        let version = proceeding.version;
        Ok(Reply::ok(ProceedingView::from(proceeding)).version(version))
    });
    work.await
}
