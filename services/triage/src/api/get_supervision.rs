//! `GET /supervisions/{id}`.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::SupervisionId, roles::permission::TriageRead};

use super::supervision_views::SupervisionView;
use crate::{Triage, store};

/// A supervision order.
#[utoipa::path(
    tag = "supervision",
    operation_id = "get_supervision",
    params(("id" = SupervisionId, Path, description = "The supervision order")),
    responses((status = 200, description = "The supervision order", body = SupervisionView), ProblemResponses),
    security(("bearer" = ["triage.read"]))
)]
#[get("/supervisions/{id}")]
pub async fn get_supervision(
    state: Data<Triage>,
    permit: Permit<TriageRead>,
    id: Path<SupervisionId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let found = store::supervisions::read(&mut conn, *id, &permit.scope()).await?;
    let version = found.version;
    Ok(Reply::ok(SupervisionView::from(found)).version(version))
}
