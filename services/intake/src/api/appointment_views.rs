//! How an appointment is shown.

use chrono::{DateTime, Utc};
use contracts::{
    ids::{AppointmentId, MatterId, OrganisationId},
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::appointment::{Appointment, AppointmentState};

/// An appointment.
#[derive(Serialize, ToSchema)]
pub struct AppointmentView {
    /// The appointment.
    pub id: AppointmentId,
    /// Its version, as in the `ETag`.
    pub version: i64,
    /// Region of the organisation.
    pub region: RegionCode,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The matter it is about, when there is one.
    pub matter_id: Option<MatterId>,
    /// What it is about.
    pub topic: String,
    /// How it stands.
    pub state: AppointmentState,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Why it was cancelled.
    pub note: Option<String>,
}

impl From<Appointment> for AppointmentView {
    fn from(appointment: Appointment) -> Self {
        Self {
            id: appointment.id,
            version: appointment.version,
            region: appointment.region,
            organisation_id: appointment.organisation_id,
            matter_id: appointment.matter_id,
            topic: appointment.topic,
            state: appointment.state,
            starts_at: appointment.starts_at,
            ends_at: appointment.ends_at,
            note: appointment.note,
        }
    }
}
