//! `GET /requests/{id}`.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::RequestId, roles::permission::RequestRead};

use super::views::RequestView;
use crate::{Federation, store};

/// A request with every step of either side, and how long each was on its way.
#[utoipa::path(
    tag = "requests",
    operation_id = "get_request",
    params(("id" = RequestId, Path, description = "The request")),
    responses((status = 200, description = "The request", body = RequestView), ProblemResponses),
    security(("bearer" = ["request.read"]))
)]
#[get("/requests/{id}")]
pub async fn get_request(
    state: Data<Federation>,
    permit: Permit<RequestRead>,
    id: Path<RequestId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let request = store::requests::load(&mut conn, *id, &permit.scope()).await?;
    let steps = store::requests::steps(&mut conn, *id).await?;
    let version = request.version;
    Ok(Reply::ok(RequestView::from(request).with_steps(steps)).version(version))
}
