//! One hidden risk.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::ScreeningId, roles::permission::ScreeningRead};

use super::screening_view::ScreeningView;
use crate::{Intake, store::screenings};

/// A hidden risk.
#[utoipa::path(
    tag = "screenings",
    params(("id" = ScreeningId, Path, description = "The risk")),
    responses((status = 200, description = "The risk", body = ScreeningView), ProblemResponses),
    security(("bearer" = ["screening.read"]))
)]
#[get("/screenings/{id}")]
pub async fn get_screening(
    state: Data<Intake>,
    permit: Permit<ScreeningRead>,
    id: Path<ScreeningId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let screening = screenings::load(&mut conn, *id, &permit.scope()).await?;
    let version = screening.version;
    Ok(Reply::ok(ScreeningView::of(screening)).version(version))
}
