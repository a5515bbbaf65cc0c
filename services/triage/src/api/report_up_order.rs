//! `POST /orders/{order_id}/report-up`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::triage::DispatchMode,
    ids::{DispatchOrderId, OrganisationId},
    problems::triage::{HAND_OVER_PENDING, NO_SUPERIOR},
    roles::permission::CaseHandOver,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::OrderView;
use crate::{
    Triage, clocks,
    domain::{
        Offer,
        hand_over::{check_report_reason, superior},
    },
    store,
};

/// Why a case is reported up.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportUpOrder {
    /// Reason code of the policy pack.
    pub reason: String,
    /// The reason in words.
    pub explanation: String,
    /// To which organisation above; the nearest that handles the route when not given.
    pub to_organisation: Option<OrganisationId>,
}

/// Report a case up 上报 to the organisation above on this node: village → township → county (transition 17; TR-10, TR-11).
///
/// The organisation above answers for the case when it signs the order. Refuses an unknown reason
/// (`unknown-report-reason`), one that needs another risk colour (`report-reason-not-met`), when nobody is above
/// (`no-superior`) or several are (`superior-ambiguous`), and as handing over does.
#[utoipa::path(
    tag = "orders",
    operation_id = "report_up_order",
    params(("order_id" = DispatchOrderId, Path, description = "The order")),
    request_body = ReportUpOrder,
    responses((status = 201, description = "The order of the organisation above", body = OrderView), ProblemResponses),
    security(("bearer" = ["case.hand_over"]))
)]
#[post("/orders/{order_id}/report-up")]
pub async fn report_up_order(
    state: Data<Triage>,
    call: Call<CaseHandOver, ReportUpOrder>,
    order_id: Path<DispatchOrderId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "report_up_order", async |tx| {
            let order = store::orders::load(tx.conn(), *order_id, &scope).await?;
            call.check_version(order.version)?;
            let (case, _, decision) = store::cases::load(tx.conn(), order.case_id, &scope).await?;
            check_report_reason(&call.body.reason, case.colour, policy)?;
            if store::orders::offered(tx.conn(), order.case_id).await? {
                return Err(Problem::new(&HAND_OVER_PENDING));
            }
            let own = store::organisations::find(tx.conn(), order.organisation_id)
                .await?
                .ok_or_else(|| Problem::new(&NO_SUPERIOR))?;
            let ancestors: Vec<_> = own.region.ancestors().collect();
            let mut above = store::organisations::of_regions(tx.conn(), &ancestors).await?;
            if let Some(named) = call.body.to_organisation {
                above.retain(|known| known.id == named);
            }
            let to = superior(&own.region, &order.route, &above)?;
            let offer = Offer {
                order_id: tx.new_id(),
                mode: DispatchMode::ReportUp,
                reason: Some(call.body.reason.clone()),
                note: call.body.explanation.clone(),
                due_on: None,
                by: call.principal.subject.clone(),
            };
            let now = tx.now();
            let (order, issued) = order.offer(&case, decision.as_ref(), &offer, to, policy, now)?;
            store::orders::insert(tx.conn(), &order).await?;
            clocks::start_sign(tx, policy, &order, now).await?;
            tx.publish(case.case_id, &issued)?;
            let location = format!("/triage/v1/orders/{}", order.id);
            let version = order.version;
            Ok(Reply::created(location, OrderView::from(order)).version(version))
        })
        .await
}
