//! `POST /cases/{case_id}/hand-over`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::NaiveDate;
use contracts::{
    events::triage::DispatchMode,
    ids::{CaseId, OrganisationId},
    problems::triage::{HAND_OVER_PENDING, NOT_ACCOUNTABLE, UNKNOWN_ORGANISATION},
    roles::permission::CaseHandOver,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::OrderView;
use crate::{Triage, clocks, domain::Offer, store};

/// Who is to take a case over.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverCase {
    /// The organisation.
    pub to_organisation: OrganisationId,
    /// Why.
    pub explanation: String,
    /// Last day for the work, in Beijing; by the target of the case's track when not given.
    pub due_on: Option<NaiveDate>,
}

/// Hand a case over to another organisation 移交.
///
/// The caller's organisation, which answers for the case (`organisation-not-accountable`), gives the first signature; the receiver gives
/// the second by signing the order, and answers for the case from then on. Refuses while a proceeding runs (`work-begun`) or
/// another hand-over waits (`hand-over-pending`). `If-Match` is about the case.
#[utoipa::path(
    tag = "orders",
    operation_id = "hand_over_case",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = HandOverCase,
    responses((status = 201, description = "The order to be signed", body = OrderView), ProblemResponses),
    security(("bearer" = ["case.hand_over"]))
)]
#[post("/cases/{case_id}/hand-over")]
pub async fn hand_over_case(
    state: Data<Triage>,
    call: Call<CaseHandOver, HandOverCase>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "hand_over_case", async |tx| {
            let (case, _, decision) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            call.check_version(case.version)?;
            let order = store::orders::in_force(tx.conn(), *case_id, &scope)
                .await?
                .ok_or_else(|| Problem::new(&NOT_ACCOUNTABLE))?;
            if store::orders::offered(tx.conn(), *case_id).await? {
                return Err(Problem::new(&HAND_OVER_PENDING));
            }
            let to = store::organisations::find(tx.conn(), call.body.to_organisation)
                .await?
                .ok_or_else(|| Problem::new(&UNKNOWN_ORGANISATION).at("/to_organisation"))?;
            let offer = Offer {
                order_id: tx.new_id(),
                mode: DispatchMode::HandOver,
                reason: None,
                note: call.body.explanation.clone(),
                due_on: call.body.due_on,
                by: call.principal.subject.clone(),
            };
            let now = tx.now();
            let (order, issued) =
                order.offer(&case, decision.as_ref(), &offer, &to, policy, now)?;
            store::orders::insert(tx.conn(), &order).await?;
            clocks::start_sign(tx, policy, &order, now).await?;
            tx.publish(case.case_id, &issued)?;
            let location = format!("/triage/v1/orders/{}", order.id);
            let version = order.version;
            Ok(Reply::created(location, OrderView::from(order)).version(version))
        })
        .await
}
