//! Asking for an appointment.

use actix_web::post;
use chassis::http::{Call, Data, Problem, ProblemResponses, Reply};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{MatterId, OrganisationId},
    problems::common,
    roles::permission::AppointmentAsk,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::appointment_views::AppointmentView;
use crate::{
    Intake,
    domain::{
        Refusal,
        appointment::{Appointment, Wish, slot},
        organisation_message::OrganisationFact,
        registration::text,
    },
    store::{appointments, matters, organisation_messages, organisations},
};

/// A wish for an appointment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskAppointment {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// When it is to begin; it takes as long as the policy pack says, within office hours.
    pub starts_at: DateTime<Utc>,
    /// What it is about.
    pub topic: String,
    /// The caller's matter it is about, if any.
    pub matter_id: Option<MatterId>,
}

/// Ask for an appointment with an organisation 预约调解 (IN-10, IN-13), which learns of it at once and confirms it.
#[utoipa::path(
    tag = "appointments",
    request_body = AskAppointment,
    responses((status = 201, description = "Asked for", body = AppointmentView), ProblemResponses),
    security(("bearer" = ["appointment.ask"]))
)]
#[post("/appointments")]
pub async fn ask_appointment(
    state: Data<Intake>,
    call: Call<AppointmentAsk, AskAppointment>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let work = state.db.command(&call, "ask_appointment", async |tx| {
        let (now, sent) = (tx.now(), &call.body);
        let policy = &*state.policy;
        let organisation = sent.organisation_id;
        let bound = scope.organisation.is_none_or(|own| own == organisation);
        // Locked: two who ask at once see each other's time taken.
        let region = organisations::lock(tx, organisation).await?;
        let region = region.filter(|region| bound && scope.region.contains(region));
        let region = region.ok_or(Refusal::UnknownOffice)?;
        text("/topic", &sent.topic, policy.limits().note_max)?;
        if let Some(matter) = sent.matter_id {
            let seen = matters::load(tx.conn(), matter, &scope).await;
            seen.map_err(|problem| match problem.code() {
                code if code == &common::NOT_FOUND => problem.at("/matter_id"),
                _ => problem,
            })?;
        }
        let ends_at = slot(sent.starts_at, policy, now)?;
        let time = (sent.starts_at, ends_at);
        let taken = appointments::taken(tx.conn(), organisation, time).await?;
        let wish = Wish {
            id: tx.new_id(),
            organisation: (organisation, region),
            matter_id: sent.matter_id,
            topic: sent.topic.clone(),
            starts_at: sent.starts_at,
            by: call.principal.subject.clone(),
        };
        let (appointment, asked) = Appointment::ask(wish, taken, policy, now)?;
        appointments::insert(tx, &appointment).await?;
        tx.publish(appointment.id, &asked)?;
        let told = appointment.told(OrganisationFact::AppointmentAsked, tx.new_id());
        organisation_messages::tell(tx, policy.notifications(), &told);
        let (id, version) = (appointment.id, appointment.version);
        let place = format!("/intake/v1/appointments/{id}");
        Ok(Reply::created(place, AppointmentView::from(appointment)).version(version))
    });
    work.await
}
