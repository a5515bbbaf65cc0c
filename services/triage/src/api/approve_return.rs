//! `POST /orders/{order_id}/return/approve`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::DispatchOrderId, roles::permission::ReturnDecide};

use super::views::OrderView;
use crate::{Triage, clocks, store};

/// Take an order back 同意退回, as its sender (transition 9; 信访工作条例 23).
///
/// The order is void and the case waits for its next order; it may also be decided anew. Refuses when the organisation has
/// begun to work meanwhile (`work-begun`).
#[utoipa::path(
    tag = "orders",
    operation_id = "approve_return",
    params(("order_id" = DispatchOrderId, Path, description = "The order")),
    responses((status = 200, description = "The returned order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.return_decide"]))
)]
#[post("/orders/{order_id}/return/approve")]
pub async fn approve_return(
    state: Data<Triage>,
    call: Call<ReturnDecide, ()>,
    order_id: Path<DispatchOrderId>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    state
        .db
        .command(&call, "approve_return", async |tx| {
            let order = store::orders::load(tx.conn(), *order_id, &scope).await?;
            call.check_version(order.version)?;
            let (case, ..) = store::cases::load(tx.conn(), order.case_id, &scope).await?;
            let asked = store::returns::asked(tx.conn(), order.id).await?;
            let (now, by) = (tx.now(), &call.principal.subject);
            let (case, order, decided, event) =
                order.approve_return(&case, &asked, by, &state.policy, now)?;
            store::cases::update(tx.conn(), &case).await?;
            store::orders::update(tx.conn(), &order).await?;
            store::returns::update(tx.conn(), &decided).await?;
            tx.stop_clock(clocks::RETURN_DECIDE, order.id);
            clocks::stop_feedback(tx, &state.policy, &order);
            tx.publish(case.case_id, &event)?;
            let version = order.version;
            Ok(Reply::ok(OrderView::from(order)).version(version))
        })
        .await
}
