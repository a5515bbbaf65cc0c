//! When an appointment can be asked for.

use actix_web::get;
use chassis::http::{Data, Permit, Problem, ProblemResponses, Query, Reply};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use contracts::{ids::OrganisationId, roles::permission::AppointmentAsk};
use policy::clock::due::{beijing_instant, end_of_day};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Intake,
    domain::{
        Refusal,
        appointment::{FreeSlot, days, free},
    },
    store::{appointments, organisations},
};

/// Of which organisation, on which days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FreeSlotFilter {
    /// The organisation.
    #[param(value_type = String)]
    pub organisation: OrganisationId,
    /// The first day; today when not given.
    pub from: Option<NaiveDate>,
    /// The last day; when not given, the last one on which an appointment can be asked for.
    pub to: Option<NaiveDate>,
}

/// A time at which an appointment can be asked for.
#[derive(Serialize, ToSchema)]
pub struct FreeSlotView {
    /// When it would begin.
    pub starts_at: DateTime<Utc>,
    /// When it would end.
    pub ends_at: DateTime<Utc>,
    /// How many more can be asked for then.
    pub left: i64,
}

impl From<FreeSlot> for FreeSlotView {
    fn from(slot: FreeSlot) -> Self {
        Self {
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
            left: slot.left,
        }
    }
}

/// The free times of an organisation.
#[derive(Serialize, ToSchema)]
pub struct FreeSlots {
    /// The times, the earliest first.
    pub items: Vec<FreeSlotView>,
}

/// When an appointment with an organisation can be asked for 可预约时段 (IN-10, IN-13): office hours in pieces of an appointment's
/// length, as far ahead as the policy pack lets one ask, without those that are full. Who else has an appointment is not told.
#[utoipa::path(
    tag = "appointments",
    params(FreeSlotFilter),
    responses((status = 200, description = "The free times", body = FreeSlots), ProblemResponses),
    security(("bearer" = ["appointment.ask"]))
)]
#[get("/appointments/free")]
pub async fn list_free_slots(
    state: Data<Intake>,
    permit: Permit<AppointmentAsk>,
    query: Query<FreeSlotFilter>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let (policy, now) = (&*state.policy, state.db.time().now());
    let organisation = query.organisation;
    let (from, to) = days(query.from, query.to, policy, now)?;
    let mut conn = state.db.read().await?;
    let bound = scope.organisation.is_none_or(|own| own == organisation);
    let region = organisations::region(&mut conn, organisation).await?;
    region
        .filter(|region| bound && scope.region.contains(region))
        .ok_or_else(|| Problem::from(Refusal::UnknownOffice).at("/organisation"))?;
    let time = (beijing_instant(from, NaiveTime::MIN), end_of_day(to));
    let taken = appointments::times(&mut conn, organisation, time).await?;
    let slots = free((from, to), &taken, policy, now);
    Ok(Reply::ok(FreeSlots {
        items: slots.into_iter().map(FreeSlotView::from).collect(),
    }))
}
