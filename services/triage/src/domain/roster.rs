//! Duty rosters of the departments at the centre 驻班 (TR-16).

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::EntryMode,
    ids::{OrganisationId, RosterEntryId},
    problems::triage as problems,
    region::RegionCode,
};
use diesel::{Insertable, Queryable, Selectable};
use policy::PolicyPack;

use super::{Organisation, Refusal, refusal::text};
use crate::schema::rosters;

/// Who is on duty for an organisation, from when to when.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = rosters)]
pub struct RosterEntry {
    /// The entry.
    pub id: RosterEntryId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its region.
    pub region: RegionCode,
    /// How it is present.
    pub mode: EntryMode,
    /// Subject of who is on duty.
    pub officer: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when, exclusive.
    pub ends_at: DateTime<Utc>,
    /// Subject of who entered it.
    pub entered_by: String,
    /// When.
    pub entered_at: DateTime<Utc>,
}

/// What is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// How the organisation is present.
    pub mode: EntryMode,
    /// Subject of who is on duty.
    pub officer: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when, exclusive.
    pub ends_at: DateTime<Utc>,
}

impl RosterEntry {
    /// Enters a duty.
    ///
    /// # Errors
    /// Nobody named, an end before the beginning, an overlap with one of `others`.
    pub fn enter(
        id: RosterEntryId,
        organisation: &Organisation,
        duty: &Duty,
        others: &[Self],
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let officer = text(&duty.officer, "/officer", policy)?;
        if duty.ends_at <= duty.starts_at {
            return Err(Refusal::Field(&problems::ROSTER_ENDS_BEFORE, "/ends_at"));
        }
        let overlaps =
            |other: &Self| other.starts_at < duty.ends_at && duty.starts_at < other.ends_at;
        if others.iter().any(overlaps) {
            return Err(Refusal::Field(&problems::ROSTER_OVERLAP, "/starts_at"));
        }
        Ok(Self {
            id,
            organisation_id: organisation.id,
            region: organisation.region,
            mode: duty.mode,
            officer,
            starts_at: duty.starts_at,
            ends_at: duty.ends_at,
            entered_by: by.to_owned(),
            entered_at: now,
        })
    }
}
