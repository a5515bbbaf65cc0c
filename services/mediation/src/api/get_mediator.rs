//! One mediator.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::MediatorId, roles::permission::RegisterRead};

use super::views::MediatorView;
use crate::{Mediation, store::mediators};

/// A mediator of the caller's region, with their workload.
#[utoipa::path(
    tag = "register",
    params(("id" = MediatorId, Path, description = "The mediator")),
    responses((status = 200, description = "The mediator", body = MediatorView), ProblemResponses),
    security(("bearer" = ["register.read"]))
)]
#[get("/mediators/{id}")]
pub async fn get_mediator(
    state: Data<Mediation>,
    permit: Permit<RegisterRead>,
    id: Path<MediatorId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let mediator = mediators::read(&mut conn, *id, &permit.scope()).await?;
    let (open, version) = (
        mediators::open_of(&mut conn, &mediator).await?,
        mediator.version,
    );
    Ok(Reply::ok(MediatorView::of(mediator, open)).version(version))
}
