//! The notice of other ways.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::ProceedingId, problems::common, roles::permission::ProceedingRead};

use crate::{Mediation, domain::ending::Notice, store::proceedings};

/// The notice of other ways 其他途径告知书 of a proceeding that settled nothing (人民调解法 26); `not-found` when there is none.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    responses((status = 200, description = "The notice", body = Notice), ProblemResponses),
    security(("bearer" = ["proceeding.read"]))
)]
#[get("/proceedings/{id}/notice")]
pub async fn get_notice(
    state: Data<Mediation>,
    permit: Permit<ProceedingRead>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let proceeding = proceedings::read(&mut *state.db.read().await?, *id, &scope).await?;
    state.bus.own_party(&scope, proceeding.case_id).await?;
    let notice = proceeding.ending.and_then(|ending| ending.0.notice);
    let notice = notice.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
    Ok(Reply::ok(notice).version(proceeding.version))
}
