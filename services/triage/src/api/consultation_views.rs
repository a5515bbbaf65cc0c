//! What the operations on consultations and rosters answer with.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::triage::EntryMode,
    ids::{CaseId, ConsultationId, DispatchOrderId, OrganisationId, RosterEntryId},
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Consultation, ConsultationCall, ConsultationState, RosterEntry};

/// A consultation 会商.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationView {
    /// The consultation.
    pub id: ConsultationId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Its state.
    pub state: ConsultationState,
    /// Whether the short time to report in runs.
    pub urgent: bool,
    /// What for.
    pub purpose: String,
    /// Who called.
    pub called_by: String,
    /// When.
    pub called_at: DateTime<Utc>,
    /// When they have to have met.
    pub meet_due_at: DateTime<Utc>,
    /// What came of it: a code of the policy pack.
    pub conclusion: Option<String>,
    /// The minutes.
    pub minutes: Option<String>,
    /// Who is responsible.
    pub responsible_organisation: Option<OrganisationId>,
    /// Until which day, in Beijing.
    pub due_on: Option<NaiveDate>,
    /// The order that came of it.
    pub order_id: Option<DispatchOrderId>,
    /// Who concluded.
    pub concluded_by: Option<String>,
    /// When.
    pub concluded_at: Option<DateTime<Utc>>,
    /// As in the `ETag`.
    pub version: i64,
    /// The departments that are called; none in lists.
    pub departments: Vec<ConsultationCallView>,
}

/// A department that is called.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationCallView {
    /// The department.
    pub organisation_id: OrganisationId,
    /// What it is to bring or do.
    pub duty: String,
    /// Who was on duty for it when it was called.
    pub officer: Option<String>,
    /// How it is present at the centre, by the same roster.
    pub entry_mode: Option<EntryMode>,
    /// When it has to have reported in.
    pub report_in_due_at: DateTime<Utc>,
    /// Who reported in.
    pub reported_by: Option<String>,
    /// When.
    pub reported_in_at: Option<DateTime<Utc>>,
}

/// An entry of a duty roster 驻班表.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterEntryView {
    /// The entry.
    pub id: RosterEntryId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// How it is present.
    pub mode: EntryMode,
    /// Who is on duty.
    pub officer: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when, exclusive.
    pub ends_at: DateTime<Utc>,
    /// Who entered it.
    pub entered_by: String,
    /// When.
    pub entered_at: DateTime<Utc>,
}

impl ConsultationView {
    /// The view of a consultation.
    pub fn of(consultation: Consultation, calls: Vec<ConsultationCall>) -> Self {
        Self {
            id: consultation.id,
            case_id: consultation.case_id,
            region: consultation.region,
            state: consultation.state,
            urgent: consultation.urgent,
            purpose: consultation.purpose,
            called_by: consultation.called_by,
            called_at: consultation.called_at,
            meet_due_at: consultation.meet_due_at,
            conclusion: consultation.conclusion,
            minutes: consultation.minutes,
            responsible_organisation: consultation.responsible_organisation,
            due_on: consultation.due_on,
            order_id: consultation.order_id,
            concluded_by: consultation.concluded_by,
            concluded_at: consultation.concluded_at,
            version: consultation.version,
            departments: calls.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<ConsultationCall> for ConsultationCallView {
    fn from(call: ConsultationCall) -> Self {
        Self {
            organisation_id: call.organisation_id,
            duty: call.duty,
            officer: call.officer,
            entry_mode: call.entry_mode,
            report_in_due_at: call.report_in_due_at,
            reported_by: call.reported_by,
            reported_in_at: call.reported_in_at,
        }
    }
}

impl From<RosterEntry> for RosterEntryView {
    fn from(entry: RosterEntry) -> Self {
        Self {
            id: entry.id,
            organisation_id: entry.organisation_id,
            mode: entry.mode,
            officer: entry.officer,
            starts_at: entry.starts_at,
            ends_at: entry.ends_at,
            entered_by: entry.entered_by,
            entered_at: entry.entered_at,
        }
    }
}
