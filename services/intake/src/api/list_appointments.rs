//! The list of appointments.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::roles::permission::AppointmentRead;
use serde::Deserialize;
use utoipa::IntoParams;

use super::appointment_views::AppointmentView;
use crate::{Intake, domain::appointment::AppointmentState, store::appointments};

/// Which appointments are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AppointmentFilter {
    /// In this state.
    pub state: Option<AppointmentState>,
}

/// The appointments the caller may see, the earliest first: an organisation its own, an applicant their own.
#[utoipa::path(
    tag = "appointments",
    params(AppointmentFilter, PageParams),
    responses((status = 200, description = "One page", body = PageOf<AppointmentView>), ProblemResponses),
    security(("bearer" = ["appointment.read"]))
)]
#[get("/appointments")]
pub async fn list_appointments(
    state: Data<Intake>,
    permit: Permit<AppointmentRead>,
    query: PageQuery<AppointmentFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let mut conn = state.db.read().await?;
    let rows = appointments::list(&mut conn, &permit.scope(), filter.state, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |appointment| (appointment.starts_at, appointment.id),
        AppointmentView::from,
    )?;
    Ok(Reply::ok(page))
}
