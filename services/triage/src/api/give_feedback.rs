//! `POST /orders/{order_id}/feedback`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::DispatchOrderId, roles::permission::OrderFeedback};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::OrderView;
use crate::{Triage, clocks, domain::Then, store};

/// What came of a case.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveFeedback {
    /// Outcome: a code of the policy pack.
    pub outcome: String,
    /// In words.
    pub note: String,
}

/// Tell what came of a case on a route without mediation 反馈 (TR-04).
///
/// By the outcome's rule the organ goes on with the case (the clock of the route runs from the first such feedback), the case
/// is finished, it goes back to triage because the organ could not settle it, or it is given back as not the organ's to handle. Refuses a mediated route (`route-mediated`), an order to
/// assist (`organisation-not-accountable`), an unknown outcome (`unknown-outcome`), and giving back what cannot be
/// (`designated-not-returnable`, `order-not-returnable`).
#[utoipa::path(
    tag = "orders",
    operation_id = "give_feedback",
    params(("order_id" = DispatchOrderId, Path, description = "The order")),
    request_body = GiveFeedback,
    responses((status = 200, description = "The order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.feedback"]))
)]
#[post("/orders/{order_id}/feedback")]
pub async fn give_feedback(
    state: Data<Triage>,
    call: Call<OrderFeedback, GiveFeedback>,
    order_id: Path<DispatchOrderId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "give_feedback", async |tx| {
            let order = store::orders::load(tx.conn(), *order_id, &scope).await?;
            call.check_version(order.version)?;
            let (case, ..) = store::cases::load(tx.conn(), order.case_id, &scope).await?;
            let (id, now, by) = (tx.new_id(), tx.now(), &call.principal.subject);
            let said = (call.body.outcome.as_str(), call.body.note.as_str());
            let (case, order, feedback, event, then) =
                order.give_feedback(id, &case, said, by, policy, now)?;
            store::orders::update_told(tx.conn(), &order).await?;
            store::cases::update(tx.conn(), &case).await?;
            store::feedbacks::insert(tx.conn(), &feedback).await?;
            tx.publish(case.case_id, &event)?;
            match then {
                Then::TakenUp => clocks::start_route(tx, policy, &order, now)?,
                Then::GoesOn => {}
                Then::Ended(completed) => {
                    clocks::stop_feedback(tx, policy, &order);
                    clocks::finish_orders(tx, policy, case.case_id).await?;
                    tx.publish(case.case_id, &completed)?;
                }
                Then::Unsettled => clocks::stop_feedback(tx, policy, &order),
                Then::Returned(returned) => {
                    clocks::stop_feedback(tx, policy, &order);
                    tx.publish(case.case_id, &returned)?;
                }
            }
            let version = order.version;
            Ok(Reply::ok(OrderView::from(order)).version(version))
        })
        .await
}
