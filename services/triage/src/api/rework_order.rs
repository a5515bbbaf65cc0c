//! `POST /orders/{order_id}/rework`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::NaiveDate;
use contracts::{ids::DispatchOrderId, roles::permission::OrderRework};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::OrderView;
use crate::{
    Triage, clocks,
    domain::{Before, OrderActKind, Rework},
    store,
};

/// Why finished work is sent back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReworkOrder {
    /// Why it is not accepted.
    pub reason: String,
    /// The last day of the new time, in Beijing; by the policy pack when not given.
    pub due_on: Option<NaiveDate>,
}

/// Not accept what an organ reported as finished 返工, as its sender: the organ goes on with the case and has a new time.
///
/// As often on one order as the policy pack allows (`reworked-already`), and only before the case is closed
/// (`transition-not-allowed`): a closed one is opened again. What the organ gave back or could not settle is not sent back but
/// decided anew.
#[utoipa::path(
    tag = "orders",
    operation_id = "rework_order",
    params(("order_id" = DispatchOrderId, Path, description = "The order")),
    request_body = ReworkOrder,
    responses((status = 200, description = "The order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.rework"]))
)]
#[post("/orders/{order_id}/rework")]
pub async fn rework_order(
    state: Data<Triage>,
    call: Call<OrderRework, ReworkOrder>,
    order_id: Path<DispatchOrderId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "rework_order", async |tx| {
            let order = store::orders::load(tx.conn(), *order_id, &scope).await?;
            call.check_version(order.version)?;
            let (case, ..) = store::cases::load(tx.conn(), order.case_id, &scope).await?;
            let told = store::feedbacks::of_case(tx.conn(), case.case_id).await?;
            let acts = store::order_acts::of_case(tx.conn(), case.case_id).await?;
            let reworks = acts
                .iter()
                .filter(|act| act.order_id == order.id && act.kind == OrderActKind::Reworked);
            let before = Before {
                last: told.last(),
                reworks: reworks.count(),
            };
            let (id, now, by) = (tx.new_id(), tx.now(), call.principal.subject.as_str());
            let request = Rework {
                reason: &call.body.reason,
                due_on: call.body.due_on,
            };
            let (case, order, act, event, due) =
                order.rework(id, &case, before, (&request, by), policy, now)?;
            store::orders::update_reworked(tx.conn(), &order).await?;
            store::cases::update(tx.conn(), &case).await?;
            store::order_acts::insert(tx.conn(), &act).await?;
            clocks::start_rework(tx, policy, &order, due, now)?;
            tx.publish(case.case_id, &event)?;
            let version = order.version;
            Ok(Reply::ok(OrderView::from(order)).version(version))
        })
        .await
}
