//! Noting who came to an appointment.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::AppointmentId, roles::permission::AppointmentManage};
use serde::Deserialize;
use utoipa::ToSchema;

use super::appointment_views::AppointmentView;
use crate::{Intake, store::appointments};

/// Who came.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAppointment {
    /// Whether the person came; else they did not keep it 爽约.
    pub came: bool,
}

/// Note whether the person came to a confirmed appointment, once its time has come.
#[utoipa::path(
    tag = "appointments",
    params(("id" = AppointmentId, Path, description = "The appointment")),
    request_body = EndAppointment,
    responses((status = 200, description = "The appointment", body = AppointmentView), ProblemResponses),
    security(("bearer" = ["appointment.manage"]))
)]
#[post("/appointments/{id}/end")]
pub async fn end_appointment(
    state: Data<Intake>,
    call: Call<AppointmentManage, EndAppointment>,
    id: Path<AppointmentId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "end_appointment", async |tx| {
        let mut appointment = appointments::load(tx.conn(), id, &scope).await?;
        call.check_version(appointment.version)?;
        let fact = appointment.end(call.body.came, tx.now())?;
        appointments::update(tx, &appointment).await?;
        tx.publish(id, &fact)?;
        let version = appointment.version;
        Ok(Reply::ok(AppointmentView::from(appointment)).version(version))
    });
    work.await
}
