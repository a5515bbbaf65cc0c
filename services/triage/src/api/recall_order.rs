//! `POST /orders/{order_id}/recall`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::DispatchOrderId, roles::permission::OrderDispatch};

use super::views::OrderView;
use crate::{Triage, clocks, store};

/// Take an order back 撤回 before it is signed for; the case waits for its next order.
///
/// Refuses an order that is signed for (`already-signed`).
#[utoipa::path(
    tag = "orders",
    operation_id = "recall_order",
    params(("order_id" = DispatchOrderId, Path, description = "The order")),
    responses((status = 200, description = "The recalled order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.dispatch"]))
)]
#[post("/orders/{order_id}/recall")]
pub async fn recall_order(
    state: Data<Triage>,
    call: Call<OrderDispatch, ()>,
    order_id: Path<DispatchOrderId>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    state
        .db
        .command(&call, "recall_order", async |tx| {
            let order = store::orders::load(tx.conn(), *order_id, &scope).await?;
            call.check_version(order.version)?;
            let (case, ..) = store::cases::load(tx.conn(), order.case_id, &scope).await?;
            let before = case.version;
            let (case, order, event) = order.recall(&case, tx.now())?;
            if case.version != before {
                store::cases::update(tx.conn(), &case).await?;
            }
            store::orders::update(tx.conn(), &order).await?;
            tx.stop_clock(clocks::SIGN, order.id);
            // Who was to assist or to take over never had the case.
            if case.version != before {
                tx.publish(case.case_id, &event)?;
            }
            let version = order.version;
            Ok(Reply::ok(OrderView::from(order)).version(version))
        })
        .await
}
