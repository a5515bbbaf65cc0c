//! `POST /cases/{case_id}/designate`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::NaiveDate;
use contracts::{
    events::triage::DispatchMode,
    ids::{CaseId, OrganisationId},
    problems::triage::UNKNOWN_ORGANISATION,
    roles::permission::OrderDesignate,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::OrderView;
use crate::{
    Triage, clocks,
    domain::{CaseState, Dispatch},
    store,
};

/// Who is to handle a case.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DesignateCase {
    /// The organisation.
    pub to_organisation: OrganisationId,
    /// Last day for the work, in Beijing; by the target of the case's track when not given.
    pub due_on: Option<NaiveDate>,
}

/// Designate who handles a case 指定办理 (transition 9; 信访工作条例 24).
///
/// The order cannot be returned. A return that waits for an answer is settled by it: the disputed order goes back. Refuses as
/// dispatching does, and when the organisation has begun to work (`work-begun`). `If-Match` is about the case.
#[utoipa::path(
    tag = "orders",
    operation_id = "designate_case",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = DesignateCase,
    responses((status = 201, description = "The order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.designate"]))
)]
#[post("/cases/{case_id}/designate")]
pub async fn designate_case(
    state: Data<Triage>,
    call: Call<OrderDesignate, DesignateCase>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "designate_case", async |tx| {
            let (case, _, decision) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            call.check_version(case.version)?;
            let organisation = store::organisations::find(tx.conn(), call.body.to_organisation)
                .await?
                .ok_or_else(|| Problem::new(&UNKNOWN_ORGANISATION).at("/to_organisation"))?;
            let dispatch = Dispatch {
                order_id: tx.new_id(),
                mode: DispatchMode::Designate,
                due_on: call.body.due_on,
            };
            let (now, by) = (tx.now(), &call.principal.subject);
            let disputed = match case.state {
                CaseState::ReturnAsked => {
                    store::orders::in_force(tx.conn(), *case_id, &scope).await?
                }
                _ => None,
            };
            let (case, order, issued) =
                case.designate(decision.as_ref(), &dispatch, &organisation, by, policy, now)?;
            store::cases::update(tx.conn(), &case).await?;
            if let Some(disputed) = disputed {
                let asked = store::returns::asked(tx.conn(), disputed.id).await?;
                let (returned, decided, event) = disputed.designated_away(&asked, by, now)?;
                store::orders::update(tx.conn(), &returned).await?;
                store::returns::update(tx.conn(), &decided).await?;
                tx.stop_clock(clocks::RETURN_DECIDE, returned.id);
                clocks::stop_feedback(tx, policy, &returned);
                tx.publish(case.case_id, &event)?;
            }
            store::orders::insert(tx.conn(), &order).await?;
            clocks::start_sign(tx, policy, &order, now).await?;
            tx.publish(case.case_id, &issued)?;
            let location = format!("/triage/v1/orders/{}", order.id);
            let version = order.version;
            Ok(Reply::created(location, OrderView::from(order)).version(version))
        })
        .await
}
