//! One appointment.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::AppointmentId, roles::permission::AppointmentRead};

use super::appointment_views::AppointmentView;
use crate::{Intake, store::appointments};

/// One appointment; an applicant sees their own.
#[utoipa::path(
    tag = "appointments",
    params(("id" = AppointmentId, Path, description = "The appointment")),
    responses((status = 200, description = "The appointment", body = AppointmentView), ProblemResponses),
    security(("bearer" = ["appointment.read"]))
)]
#[get("/appointments/{id}")]
pub async fn get_appointment(
    state: Data<Intake>,
    permit: Permit<AppointmentRead>,
    id: Path<AppointmentId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let appointment = appointments::load(&mut conn, *id, &permit.scope()).await?;
    let version = appointment.version;
    Ok(Reply::ok(AppointmentView::from(appointment)).version(version))
}
