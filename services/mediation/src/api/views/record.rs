//! What is written down apart from the sessions.

use chrono::{DateTime, Utc};
use contracts::ids::{ConcessionId, PartyId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    care::{PoliceReport, Referral},
    course::Course,
    record::{Concession, FactSignature, UndisputedFacts},
    sham::ShamSuspicion,
};

/// What a party offered; only the organisation that mediates reads it.
#[derive(Serialize, ToSchema)]
pub struct ConcessionView {
    /// The entry.
    pub id: ConcessionId,
    /// The party.
    pub party_id: PartyId,
    /// What it offered.
    pub content: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl From<Concession> for ConcessionView {
    fn from(concession: Concession) -> Self {
        Self {
            id: concession.id,
            party_id: concession.party_id,
            content: concession.content,
            recorded_at: concession.created_at,
        }
    }
}

/// The facts nobody disputes.
#[derive(Serialize, ToSchema)]
pub struct FactsView {
    /// The facts.
    pub content: String,
    /// The signatures so far.
    pub signatures: Vec<FactSignature>,
    /// When the last party signed: from then on they stand.
    pub agreed_at: Option<DateTime<Utc>>,
}

impl From<UndisputedFacts> for FactsView {
    fn from(facts: UndisputedFacts) -> Self {
        Self {
            content: facts.content,
            signatures: facts.signatures.0,
            agreed_at: facts.agreed_at,
        }
    }
}

/// What was reported in a proceeding; the parties do not read it.
#[derive(Serialize, ToSchema)]
pub struct ReportsView {
    /// The last suspicion of a sham.
    pub sham: Option<ShamSuspicion>,
    /// Reports to the police.
    pub police: Vec<PoliceReport>,
    /// Support parties were referred to.
    pub referrals: Vec<Referral>,
}

impl From<&Course> for ReportsView {
    fn from(course: &Course) -> Self {
        Self {
            sham: course.sham.clone(),
            police: course.police_reports.clone(),
            referrals: course.referrals.clone(),
        }
    }
}
