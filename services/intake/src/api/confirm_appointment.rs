//! Confirming an appointment.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::AppointmentId, roles::permission::AppointmentManage};

use super::appointment_views::AppointmentView;
use crate::{Intake, store::appointments};

/// Confirm an appointment: the organisation will be there (IN-13).
#[utoipa::path(
    tag = "appointments",
    params(("id" = AppointmentId, Path, description = "The appointment")),
    responses((status = 200, description = "The appointment", body = AppointmentView), ProblemResponses),
    security(("bearer" = ["appointment.manage"]))
)]
#[post("/appointments/{id}/confirm")]
pub async fn confirm_appointment(
    state: Data<Intake>,
    call: Call<AppointmentManage, ()>,
    id: Path<AppointmentId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "confirm_appointment", async |tx| {
        let mut appointment = appointments::load(tx.conn(), id, &scope).await?;
        call.check_version(appointment.version)?;
        let fact = appointment.confirm(tx.now())?;
        appointments::update(tx, &appointment).await?;
        tx.publish(id, &fact)?;
        let version = appointment.version;
        Ok(Reply::ok(AppointmentView::from(appointment)).version(version))
    });
    work.await
}
