//! Cancelling an appointment.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::AppointmentId, roles::permission::AppointmentAsk};
use serde::Deserialize;
use utoipa::ToSchema;

use super::appointment_views::AppointmentView;
use crate::{
    Intake,
    domain::{organisation_message::OrganisationFact, registration::text},
    store::{appointments, organisation_messages},
};

/// Why an appointment is cancelled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelAppointment {
    /// What the other side is told.
    pub note: String,
}

/// Cancel an appointment: the person or the organisation cannot come.
#[utoipa::path(
    tag = "appointments",
    params(("id" = AppointmentId, Path, description = "The appointment")),
    request_body = CancelAppointment,
    responses((status = 200, description = "The appointment", body = AppointmentView), ProblemResponses),
    security(("bearer" = ["appointment.ask"]))
)]
#[post("/appointments/{id}/cancel")]
pub async fn cancel_appointment(
    state: Data<Intake>,
    call: Call<AppointmentAsk, CancelAppointment>,
    id: Path<AppointmentId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "cancel_appointment", async |tx| {
        let mut appointment = appointments::load(tx.conn(), id, &scope).await?;
        call.check_version(appointment.version)?;
        let note = &call.body.note;
        text("/note", note, state.policy.limits().note_max)?;
        let fact = appointment.cancel(note.clone(), tx.now())?;
        appointments::update(tx, &appointment).await?;
        tx.publish(id, &fact)?;
        if scope.applicant.is_some() {
            let told = appointment.told(OrganisationFact::AppointmentCancelled, tx.new_id());
            organisation_messages::tell(tx, state.policy.notifications(), &told);
        }
        let version = appointment.version;
        Ok(Reply::ok(AppointmentView::from(appointment)).version(version))
    });
    work.await
}
