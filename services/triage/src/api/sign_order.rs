//! `POST /orders/{order_id}/sign`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{events::triage::DispatchMode, ids::DispatchOrderId, roles::permission::OrderSign};

use super::views::OrderView;
use crate::{Triage, clocks, domain::OrderState, store};

/// Sign for an order 签收 (transition 8).
///
/// Only an officer of the receiving organisation; for everyone else the order does not exist. Signing for a case that is
/// handed over or reported up makes the organisation accountable for it. On a route without mediation it has to tell what comes
/// of the case, in time.
#[utoipa::path(
    tag = "orders",
    operation_id = "sign_order",
    params(("order_id" = DispatchOrderId, Path, description = "The order")),
    responses((status = 200, description = "The signed order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.sign"]))
)]
#[post("/orders/{order_id}/sign")]
pub async fn sign_order(
    state: Data<Triage>,
    call: Call<OrderSign, ()>,
    order_id: Path<DispatchOrderId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "sign_order", async |tx| {
            let order = store::orders::load(tx.conn(), *order_id, &scope).await?;
            call.check_version(order.version)?;
            let (by, now) = (&call.principal.subject, tx.now());
            if order.mode == DispatchMode::Assist {
                let (order, signed) = order.sign_assist(by, now)?;
                store::orders::update(tx.conn(), &order).await?;
                tx.stop_clock(clocks::SIGN, order.id);
                tx.publish(order.case_id, &signed)?;
                let version = order.version;
                return Ok(Reply::ok(OrderView::from(order)).version(version));
            }
            if order.state == OrderState::Offered {
                let (case, ..) = store::cases::load(tx.conn(), order.case_id, &scope).await?;
                let previous = store::orders::followed_by(tx.conn(), &order).await?;
                let (case, order, previous, signed, handed_over) =
                    order.take_over(&case, &previous, by, now)?;
                store::orders::update(tx.conn(), &previous).await?;
                store::orders::update(tx.conn(), &order).await?;
                store::cases::update(tx.conn(), &case).await?;
                tx.stop_clock(clocks::SIGN, order.id);
                clocks::stop_feedback(tx, policy, &previous);
                clocks::start_feedback(tx, policy, &order, now)?;
                tx.publish(order.case_id, &signed)?;
                tx.publish(order.case_id, &handed_over)?;
                let version = order.version;
                return Ok(Reply::ok(OrderView::from(order)).version(version));
            }
            let (order, signed) = order.sign(by, now)?;
            store::orders::update_signed(tx.conn(), &order).await?;
            tx.stop_clock(clocks::SIGN, order.id);
            clocks::start_feedback(tx, policy, &order, now)?;
            tx.publish(order.case_id, &signed)?;
            let version = order.version;
            Ok(Reply::ok(OrderView::from(order)).version(version))
        })
        .await
}
