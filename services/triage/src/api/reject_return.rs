//! `POST /orders/{order_id}/return/reject`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::DispatchOrderId, roles::permission::ReturnDecide};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::OrderView;
use crate::{Triage, clocks, store};

/// Why an order stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectReturn {
    /// The reason in words.
    pub reason: String,
}

/// Do not take an order back 不同意退回, as its sender (transition 9; 信访工作条例 23).
///
/// The order stays in force. One that was not signed for is to be signed for within the whole time from now on.
#[utoipa::path(
    tag = "orders",
    operation_id = "reject_return",
    params(("order_id" = DispatchOrderId, Path, description = "The order")),
    request_body = RejectReturn,
    responses((status = 200, description = "The order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.return_decide"]))
)]
#[post("/orders/{order_id}/return/reject")]
pub async fn reject_return(
    state: Data<Triage>,
    call: Call<ReturnDecide, RejectReturn>,
    order_id: Path<DispatchOrderId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "reject_return", async |tx| {
            let order = store::orders::load(tx.conn(), *order_id, &scope).await?;
            call.check_version(order.version)?;
            let (case, ..) = store::cases::load(tx.conn(), order.case_id, &scope).await?;
            let asked = store::returns::asked(tx.conn(), order.id).await?;
            let (now, by) = (tx.now(), &call.principal.subject);
            let (case, order, decided, event) =
                order.reject_return(&case, &asked, &call.body.reason, by, policy, now)?;
            store::cases::update(tx.conn(), &case).await?;
            store::orders::update(tx.conn(), &order).await?;
            store::returns::update(tx.conn(), &decided).await?;
            tx.stop_clock(clocks::RETURN_DECIDE, order.id);
            if !event.signed {
                clocks::start_sign(tx, policy, &order, now).await?;
            }
            tx.publish(case.case_id, &event)?;
            let version = order.version;
            Ok(Reply::ok(OrderView::from(order)).version(version))
        })
        .await
}
