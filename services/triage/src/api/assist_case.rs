//! `POST /cases/{case_id}/assist`.

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
use crate::{Triage, clocks, domain::Offer, store};

/// Who is to work along.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssistCase {
    /// The organisation.
    pub organisation: OrganisationId,
    /// What it is to do.
    pub duty: String,
    /// Last day for its part, in Beijing; by the target of the case's track when not given.
    pub due_on: Option<NaiveDate>,
}

/// Ask an organisation to work along on a case 协办; who answers for the case stays the same.
///
/// Refuses a case that nobody handles yet, and an organisation at work on it already (`assists-already`). `If-Match` is about
/// the case.
#[utoipa::path(
    tag = "orders",
    operation_id = "assist_case",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = AssistCase,
    responses((status = 201, description = "The order", body = OrderView), ProblemResponses),
    security(("bearer" = ["order.dispatch"]))
)]
#[post("/cases/{case_id}/assist")]
pub async fn assist_case(
    state: Data<Triage>,
    call: Call<OrderDispatch, AssistCase>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "assist_case", async |tx| {
            let (case, _, decision) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            call.check_version(case.version)?;
            let to = store::organisations::find(tx.conn(), call.body.organisation)
                .await?
                .ok_or_else(|| Problem::new(&UNKNOWN_ORGANISATION).at("/organisation"))?;
            let at_work = store::orders::at_work(tx.conn(), *case_id).await?;
            let offer = Offer {
                order_id: tx.new_id(),
                mode: DispatchMode::Assist,
                reason: None,
                note: call.body.duty.clone(),
                due_on: call.body.due_on,
                by: call.principal.subject.clone(),
            };
            let now = tx.now();
            let decision = decision.as_ref();
            let (order, asked) =
                case.ask_to_assist(decision, &offer, &to, &at_work, policy, now)?;
            store::orders::insert(tx.conn(), &order).await?;
            clocks::start_sign(tx, policy, &order, now).await?;
            tx.publish(case.case_id, &asked)?;
            let location = format!("/triage/v1/orders/{}", order.id);
            let version = order.version;
            Ok(Reply::created(location, OrderView::from(order)).version(version))
        })
        .await
}
