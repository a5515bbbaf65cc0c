//! `POST /cases/{case_id}/dispatch`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::NaiveDate;
use contracts::{
    events::triage::DispatchMode,
    ids::{CaseId, OrganisationId},
    problems::triage::UNKNOWN_ORGANISATION,
    roles::permission::OrderDispatch,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::OrderView;
use crate::{Triage, clocks, domain::Dispatch, store};

/// Who gets a case.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DispatchCase {
    /// The receiving organisation.
    pub to_organisation: OrganisationId,
    /// How it is handed over.
    pub mode: DispatchMode,
    /// Last day for the work, in Beijing; by the target of the case's track when not given.
    pub due_on: Option<NaiveDate>,
}

/// Dispatch a decided case 交办 (transition 7; TR-03).
///
/// `If-Match` is about the case. Refuses organisations that are not registered (`unknown-organisation`) or not entitled by
/// region and route (`target-not-entitled`), and a last day before the order must be signed for (`deadline-too-short`).
#[utoipa::path(
    tag = "orders",
    operation_id = "dispatch_case",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = DispatchCase,
    responses((status = 201, description = "The order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.dispatch"]))
)]
#[post("/cases/{case_id}/dispatch")]
pub async fn dispatch_case(
    state: Data<Triage>,
    call: Call<OrderDispatch, DispatchCase>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let policy = &state.policy;
    state
        .db
        .command(&call, "dispatch_case", async |tx| {
            let (case, _, decision) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            call.check_version(case.version)?;
            let organisation = store::organisations::find(tx.conn(), call.body.to_organisation)
                .await?
                .ok_or_else(|| Problem::new(&UNKNOWN_ORGANISATION).at("/to_organisation"))?;
            let dispatch = Dispatch {
                order_id: tx.new_id(),
                mode: call.body.mode,
                due_on: call.body.due_on,
            };
            let (now, by) = (tx.now(), &call.principal.subject);
            let (case, order, issued) =
                case.dispatch(decision.as_ref(), &dispatch, &organisation, by, policy, now)?;
            store::cases::update(tx.conn(), &case).await?;
            store::orders::insert(tx.conn(), &order).await?;
            clocks::start_sign(tx, policy, &order, now).await?;
            tx.publish(case.case_id, &issued)?;
            let location = format!("/triage/v1/orders/{}", order.id);
            let version = order.version;
            Ok(Reply::created(location, OrderView::from(order)).version(version))
        })
        .await
}
