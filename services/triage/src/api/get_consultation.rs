//! `GET /consultations/{id}`.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::ConsultationId, roles::permission::TriageRead};

use super::consultation_views::ConsultationView;
use crate::{Triage, store};

/// A consultation with the departments that were called.
#[utoipa::path(
    tag = "consultations",
    operation_id = "get_consultation",
    params(("id" = ConsultationId, Path, description = "The consultation")),
    responses((status = 200, description = "The consultation", body = ConsultationView), ProblemResponses),
    security(("bearer" = ["triage.read"]))
)]
#[get("/consultations/{id}")]
pub async fn get_consultation(
    state: Data<Triage>,
    permit: Permit<TriageRead>,
    id: Path<ConsultationId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let found = store::consultations::read(&mut conn, *id, &permit.scope()).await?;
    let calls = store::consultations::calls(&mut conn, *id).await?;
    let version = found.version;
    Ok(Reply::ok(ConsultationView::of(found, calls)).version(version))
}
