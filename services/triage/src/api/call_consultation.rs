//! `POST /cases/{case_id}/consultations`.

use actix_web::post;
use chassis::{
    clocks::Holder,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use contracts::{
    ids::{CaseId, OrganisationId},
    problems::triage::{CONSULTATION_OPEN, UNKNOWN_ORGANISATION},
    roles::permission,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::consultation_views::ConsultationView;
use crate::{
    Triage, clocks,
    domain::{Consultation, Department},
    store,
};

/// Who is called, and what for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallConsultation {
    /// What for.
    pub purpose: String,
    /// Whether the short time to report in runs.
    #[serde(default)]
    pub urgent: bool,
    /// The departments.
    pub departments: Vec<CalledDepartment>,
}

/// A department and its duty.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalledDepartment {
    /// The department.
    pub organisation: OrganisationId,
    /// What it is to bring or do.
    pub duty: String,
}

/// Call departments together on a case 吹哨 (transition 15; TR-06).
///
/// Each has to report in within its time; who is on duty for it by its roster is named with it (TR-16). Refuses when neither
/// several departments nor the risk colour call for it (`consultation-not-needed`), and while one about the case is going on
/// (`consultation-open`).
#[utoipa::path(
    tag = "consultations",
    operation_id = "call_consultation",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = CallConsultation,
    responses((status = 201, description = "The consultation", body = ConsultationView), ProblemResponses),
    security(("bearer" = ["consultation.call"]))
)]
#[post("/cases/{case_id}/consultations")]
pub async fn call_consultation(
    state: Data<Triage>,
    call: Call<permission::ConsultationCall, CallConsultation>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "call_consultation", async |tx| {
            let (case, ..) = store::cases::load(tx.conn(), *case_id, &scope).await?;
            if store::consultations::open(tx.conn(), *case_id).await? {
                return Err(Problem::new(&CONSULTATION_OPEN));
            }
            let (now, by) = (tx.now(), &call.principal.subject);
            let mut departments = Vec::new();
            for one in &call.body.departments {
                let id = one.organisation;
                if store::organisations::find(tx.conn(), id).await?.is_none() {
                    return Err(Problem::new(&UNKNOWN_ORGANISATION).at("/departments"));
                }
                let on_duty = store::rosters::on_duty(tx.conn(), id, now).await?;
                departments.push(Department {
                    call_id: tx.new_id(),
                    organisation_id: id,
                    duty: one.duty.clone(),
                    on_duty: on_duty.map(|entry| (entry.officer, entry.mode)),
                });
            }
            let id = tx.new_id();
            let what = (call.body.urgent, call.body.purpose.as_str());
            let (consultation, calls, event) =
                Consultation::call(id, &case, &departments, what, by, policy, now)?;
            store::consultations::insert(tx.conn(), &consultation, &calls).await?;
            let holder = Holder::new(case.case_id, case.region);
            let kind = Consultation::report_in_clock(consultation.urgent);
            for one in &calls {
                let of = holder.clone().organisation(one.organisation_id);
                let of = of.assignee(one.officer.clone());
                tx.start_policy_clock(policy, kind, None, one.id, of, now)?;
            }
            tx.start_policy_clock(policy, clocks::MEET, None, consultation.id, holder, now)?;
            tx.publish(case.case_id, &event)?;
            let location = format!("/triage/v1/consultations/{}", consultation.id);
            let view = ConsultationView::of(consultation, calls);
            Ok(Reply::created(location, view).version(1))
        })
        .await
}
