//! `POST /orders/{order_id}/return`.

use actix_web::post;
use chassis::{
    clocks::Holder,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use contracts::{ids::DispatchOrderId, roles::permission::OrderReturn};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::OrderView;
use crate::{Triage, clocks, domain::ReturnAsk, store};

/// Why an order is to go back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskReturn {
    /// Reason code of the policy pack.
    pub reason: String,
    /// The reason in words.
    pub explanation: String,
}

/// Ask to return an order 申请退回 (transition 9; 信访工作条例 23).
///
/// Only the receiving organisation, before `return_until` (`return-window-over`), before it has begun to work
/// (`work-begun`), and as often in a case as the policy pack allows (`return-already-asked`). A designated order cannot be
/// returned (`designated-not-returnable`). The sender decides; the second dispute about a case ends in a designation.
#[utoipa::path(
    tag = "orders",
    operation_id = "ask_return",
    params(("order_id" = DispatchOrderId, Path, description = "The order")),
    request_body = AskReturn,
    responses((status = 200, description = "The order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.return"]))
)]
#[post("/orders/{order_id}/return")]
pub async fn ask_return(
    state: Data<Triage>,
    call: Call<OrderReturn, AskReturn>,
    order_id: Path<DispatchOrderId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "ask_return", async |tx| {
            let order = store::orders::load(tx.conn(), *order_id, &scope).await?;
            call.check_version(order.version)?;
            let (case, ..) = store::cases::load(tx.conn(), order.case_id, &scope).await?;
            let earlier = store::returns::of_case(tx.conn(), order.case_id).await?;
            let (now, by) = (tx.now(), &call.principal.subject);
            let ask = ReturnAsk::from(call.body.clone());
            let (case, order, asked, event) =
                order.ask_return(&case, &earlier, &ask, by, policy, now)?;
            store::cases::update(tx.conn(), &case).await?;
            store::orders::update(tx.conn(), &order).await?;
            store::returns::insert(tx.conn(), &asked).await?;
            tx.stop_clock(clocks::SIGN, order.id);
            let (type_code, kind) = (Some(order.type_code.as_str()), clocks::RETURN_DECIDE);
            let sender = Holder::new(case.case_id, case.region).assignee(order.issued_by.clone());
            tx.start_policy_clock(policy, kind, type_code, order.id, sender, now)?;
            tx.publish(case.case_id, &event)?;
            let version = order.version;
            Ok(Reply::ok(OrderView::from(order)).version(version))
        })
        .await
}

impl From<AskReturn> for ReturnAsk {
    fn from(body: AskReturn) -> Self {
        Self {
            reason: body.reason,
            explanation: body.explanation,
        }
    }
}
