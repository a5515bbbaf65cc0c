//! `POST /consultations/{id}/conclude`.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use chrono::NaiveDate;
use contracts::{
    events::triage::DispatchMode,
    ids::{ConsultationId, OrganisationId},
    problems::triage::UNKNOWN_ORGANISATION,
    roles::permission,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::consultation_views::ConsultationView;
use crate::{
    Triage, clocks,
    domain::{CaseState, Consultation, Dispatch, Offer, Outcome},
    store,
};

/// Where the body names who is responsible.
const RESPONSIBLE: &str = "/responsible_organisation";

/// What came of a consultation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcludeConsultation {
    /// A code of the policy pack.
    pub conclusion: String,
    /// The minutes.
    pub minutes: String,
    /// Who is responsible, when the conclusion needs somebody.
    pub responsible_organisation: Option<OrganisationId>,
    /// Until which day, in Beijing.
    pub due_on: Option<NaiveDate>,
}

/// Write down what came of a consultation 会商结论 (transition 15; TR-07).
///
/// A responsible organisation gets an order with the day: the case's, when nobody has it, and an order to assist when another
/// organisation answers for it; no order, when it is at work already. Refuses an unknown conclusion (`unknown-conclusion`), one
/// without the organisation and the day it needs (`responsible-required`), and as dispatching does.
#[utoipa::path(
    tag = "consultations",
    operation_id = "conclude_consultation",
    params(("id" = ConsultationId, Path, description = "The consultation")),
    request_body = ConcludeConsultation,
    responses((status = 200, description = "The consultation", body = ConsultationView), ProblemResponses),
    security(("bearer" = ["consultation.call"]))
)]
#[post("/consultations/{id}/conclude")]
pub async fn conclude_consultation(
    state: Data<Triage>,
    call: Call<permission::ConsultationCall, ConcludeConsultation>,
    id: Path<ConsultationId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "conclude_consultation", async |tx| {
            let consultation = store::consultations::load(tx.conn(), *id, &scope).await?;
            call.check_version(consultation.version)?;
            let calls = store::consultations::calls(tx.conn(), *id).await?;
            let outcome = Outcome::from(call.body.clone());
            let (now, by) = (tx.now(), &call.principal.subject);
            let (mut concluded, event) =
                consultation.conclude(&calls, &outcome, by, policy, now)?;
            if let Some(responsible) = concluded.responsible_organisation {
                let case_id = concluded.case_id;
                let (case, _, decision) = store::cases::load(tx.conn(), case_id, &scope).await?;
                let to = store::organisations::find(tx.conn(), responsible)
                    .await?
                    .ok_or_else(|| Problem::new(&UNKNOWN_ORGANISATION).at(RESPONSIBLE))?;
                let (decision, due_on) = (decision.as_ref(), concluded.due_on);
                let at_work = store::orders::at_work(tx.conn(), case_id).await?;
                let order = if case.state == CaseState::Triaged {
                    let dispatch = Dispatch {
                        order_id: tx.new_id(),
                        mode: DispatchMode::Assign,
                        due_on,
                    };
                    let (case, order, issued) = case
                        .dispatch(decision, &dispatch, &to, by, policy, now)
                        .map_err(|refusal| refusal.about(RESPONSIBLE))?;
                    store::cases::update(tx.conn(), &case).await?;
                    tx.publish(case_id, &issued)?;
                    Some(order)
                } else if case.organisation_id == Some(responsible)
                    || at_work.contains(&responsible)
                {
                    None
                } else {
                    let offer = Offer {
                        order_id: tx.new_id(),
                        mode: DispatchMode::Assist,
                        reason: None,
                        note: outcome.minutes.clone(),
                        due_on,
                        by: by.clone(),
                    };
                    let (order, asked) = case
                        .ask_to_assist(decision, &offer, &to, &at_work, policy, now)
                        .map_err(|refusal| refusal.about(RESPONSIBLE))?;
                    tx.publish(case_id, &asked)?;
                    Some(order)
                };
                if let Some(order) = order {
                    store::orders::insert(tx.conn(), &order).await?;
                    clocks::start_sign(tx, policy, &order, now).await?;
                    concluded.order_id = Some(order.id);
                }
            }
            store::consultations::update(tx.conn(), &concluded).await?;
            let report_in = Consultation::report_in_clock(concluded.urgent);
            for one in &calls {
                tx.stop_clock(report_in, one.id);
            }
            tx.stop_clock(clocks::MEET, concluded.id);
            tx.publish(concluded.case_id, &event)?;
            let version = concluded.version;
            Ok(Reply::ok(ConsultationView::of(concluded, calls)).version(version))
        })
        .await
}

impl From<ConcludeConsultation> for Outcome {
    fn from(body: ConcludeConsultation) -> Self {
        Self {
            conclusion: body.conclusion,
            minutes: body.minutes,
            responsible_organisation: body.responsible_organisation,
            due_on: body.due_on,
        }
    }
}
