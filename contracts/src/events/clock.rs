//! Facts about clocks 时限; every service publishes them for the clocks it started.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ids::{CaseId, ClockId, OrganisationId};

/// A clock passed one of its warn points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClockWarned {
    /// The clock.
    pub clock_id: ClockId,
    /// Its kind in the policy pack: `triage.decide`.
    pub kind: String,
    /// The object it runs for.
    pub object_id: Uuid,
    /// The case.
    pub case_id: CaseId,
    /// When it is due.
    pub due_at: DateTime<Utc>,
}

/// A clock ran out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClockBreached {
    /// The clock.
    pub clock_id: ClockId,
    /// Its kind in the policy pack.
    pub kind: String,
    /// The object it runs for.
    pub object_id: Uuid,
    /// The case.
    pub case_id: CaseId,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// What follows by the policy pack: `record`, `remind` 催办, `supervise` 督办, `lapse`, `expire` 逾期, `end_proceeding`; none
    /// from an older release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breach: Option<String>,
    /// The organisation that had to keep it; none when it was the centre's, and from an older release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
}

/// A clock stands still.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClockPaused {
    /// The clock.
    pub clock_id: ClockId,
    /// Its kind in the policy pack.
    pub kind: String,
    /// The object it runs for.
    pub object_id: Uuid,
    /// The case.
    pub case_id: CaseId,
    /// Code of the policy pack's pause list.
    pub reason: String,
    /// Since when.
    pub paused_at: DateTime<Utc>,
}

/// A clock goes on after it stood still.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClockResumed {
    /// The clock.
    pub clock_id: ClockId,
    /// Its kind in the policy pack.
    pub kind: String,
    /// The object it runs for.
    pub object_id: Uuid,
    /// The case.
    pub case_id: CaseId,
    /// Since when.
    pub resumed_at: DateTime<Utc>,
    /// When it is due now.
    pub due_at: DateTime<Utc>,
}

/// A clock was lengthened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClockExtended {
    /// The clock.
    pub clock_id: ClockId,
    /// Its kind in the policy pack.
    pub kind: String,
    /// The object it runs for.
    pub object_id: Uuid,
    /// The case.
    pub case_id: CaseId,
    /// How often by now.
    pub times: u32,
    /// When.
    pub extended_at: DateTime<Utc>,
    /// When it is due now.
    pub due_at: DateTime<Utc>,
}

super::events! {
    None;
    ClockWarned => "clock"."warned",
    ClockBreached => "clock"."breached",
    ClockPaused => "clock"."paused",
    ClockResumed => "clock"."resumed",
    ClockExtended => "clock"."extended"
}
