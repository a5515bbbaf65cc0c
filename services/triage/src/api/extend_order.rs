//! `POST /orders/{order_id}/extension`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::DispatchOrderId, roles::permission::OrderExtend};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::OrderView;
use crate::{Triage, domain::Refusal, store};

/// Why the time is lengthened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendOrder {
    /// Why.
    pub reason: String,
}

/// Record that the organ's time on a route without mediation was lengthened 延长办理期限, by whom the law lets decide it in the organ:
/// its person in charge, the president of the court.
///
/// How long and how often the clock of the route says (`extension`; 信访工作条例 34, 劳动争议调解仲裁法 43, 行政复议法 62, 民事诉讼法 152).
/// Refuses a route that knows no longer time or had it already (`extension-capped`), one that does not run
/// (`clock-not-running`) and a mediated one (`route-mediated`).
#[utoipa::path(
    tag = "orders",
    operation_id = "extend_order",
    params(("order_id" = DispatchOrderId, Path, description = "The order")),
    request_body = ExtendOrder,
    responses((status = 200, description = "The order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.extend"]))
)]
#[post("/orders/{order_id}/extension")]
pub async fn extend_order(
    state: Data<Triage>,
    call: Call<OrderExtend, ExtendOrder>,
    order_id: Path<DispatchOrderId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "extend_order", async |tx| {
            let order = store::orders::load(tx.conn(), *order_id, &scope).await?;
            call.check_version(order.version)?;
            let (id, now, by) = (tx.new_id(), tx.now(), &call.principal.subject);
            let reason = call.body.reason.as_str();
            let approver = order.check_extension(reason, policy, now)?;
            let route = policy.routes().get(&order.route);
            let clock = &route.ok_or(Refusal::UnknownRoute)?.clock;
            let due = tx.extend_clock(policy, clock, order.id, approver).await?;
            let (order, act, event) = order.extend(id, reason, due.at, by, policy, now)?;
            store::orders::update(tx.conn(), &order).await?;
            store::order_acts::insert(tx.conn(), &act).await?;
            tx.publish(order.case_id, &event)?;
            let version = order.version;
            Ok(Reply::ok(OrderView::from(order)).version(version))
        })
        .await
}
