//! A hidden risk as it is shown.

use chrono::{DateTime, Utc};
use contracts::{
    events::intake::ScreeningKind,
    ids::{MatterId, OrganisationId, ScreeningId},
    region::{RegionCode, directory},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::screening::{Screening, ScreeningState};

/// A hidden risk.
#[derive(Serialize, ToSchema)]
pub struct ScreeningView {
    /// The risk.
    pub id: ScreeningId,
    /// Its version, as in the `ETag`.
    pub version: i64,
    /// Where it is.
    pub region: RegionCode,
    /// The region's full name; null for a village, which the national list does not name.
    pub region_name: Option<String>,
    /// The place, as people there call it.
    pub place: String,
    /// Routine or targeted.
    pub kind: ScreeningKind,
    /// Code of the key area, field, industry or group of persons.
    pub category: String,
    /// Code of how grave it is.
    pub severity: String,
    /// What was found.
    pub description: String,
    /// What became of it.
    pub state: ScreeningState,
    /// The organisation of who recorded it.
    pub organisation_id: Option<OrganisationId>,
    /// Subject of who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// The matter it became.
    pub matter_id: Option<MatterId>,
    /// Code of why it was written off.
    pub reason: Option<String>,
    /// What shows that it is settled.
    pub evidence: Option<String>,
    /// When it was registered or written off.
    pub decided_at: Option<DateTime<Utc>>,
}

impl ScreeningView {
    /// The view of a risk.
    pub fn of(screening: Screening) -> Self {
        Self {
            id: screening.id,
            version: screening.version,
            region: screening.region,
            region_name: directory::full_name(screening.region),
            place: screening.place,
            kind: screening.kind,
            category: screening.category,
            severity: screening.severity,
            description: screening.description,
            state: screening.state,
            organisation_id: screening.organisation_id,
            recorded_by: screening.recorded_by,
            recorded_at: screening.created_at,
            matter_id: screening.matter_id,
            reason: screening.reason,
            evidence: screening.evidence,
            decided_at: screening.decided_at,
        }
    }
}
