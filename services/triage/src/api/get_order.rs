//! `GET /orders/{order_id}`.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::DispatchOrderId, roles::permission::TriageRead};

use super::views::OrderView;
use crate::{Triage, store};

/// An order.
#[utoipa::path(
    tag = "orders",
    operation_id = "get_order",
    params(("order_id" = DispatchOrderId, Path, description = "The order")),
    responses((status = 200, description = "The order", body = OrderView), ProblemResponses),
    security(("bearer" = ["triage.read"]))
)]
#[get("/orders/{order_id}")]
pub async fn get_order(
    state: Data<Triage>,
    permit: Permit<TriageRead>,
    order_id: Path<DispatchOrderId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let order = store::orders::read(&mut conn, *order_id, &permit.scope()).await?;
    let version = order.version;
    Ok(Reply::ok(OrderView::from(order)).version(version))
}
