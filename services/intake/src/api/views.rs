//! What several operations answer.

use chrono::{DateTime, Utc};
use contracts::{
    events::intake::{MatterClass, PartyRef},
    ids::{CaseId, MatterId, OrganisationId},
    region::{RegionCode, directory},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::matter::{Matter, MatterState};

/// A matter without its narrative.
#[derive(Serialize, ToSchema)]
pub struct MatterView {
    /// The matter.
    pub id: MatterId,
    /// The case it opened.
    pub case_id: CaseId,
    /// Its version, as in the `ETag`.
    pub version: i64,
    /// Where it happened.
    pub region: RegionCode,
    /// The region's full name; null for a village, which the national list does not name.
    pub region_name: Option<String>,
    /// What became of it.
    pub state: MatterState,
    /// Dispute, petition or complaint.
    pub class: MatterClass,
    /// Source code.
    pub source: String,
    /// Channel code.
    pub channel: String,
    /// The dispute type named at registration.
    pub type_hint: Option<String>,
    /// Amount in dispute, fen.
    pub amount_fen: Option<i64>,
    /// How many people are involved.
    pub persons_involved: u32,
    /// The parties, without their identities.
    pub parties: Vec<PartyRef>,
    /// The organisation whose window took it.
    pub organisation_id: Option<OrganisationId>,
    /// Subject of the first-asked person (IN-05); null while a matter that came online has met nobody.
    pub first_asked: Option<String>,
    /// 受理编号, once accepted.
    pub acceptance_number: Option<String>,
    /// What the window decided, once it has.
    pub outcome: Option<OutcomeView>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
}

/// What the window decided on a matter.
#[derive(Serialize, ToSchema)]
pub struct OutcomeView {
    /// When.
    pub decided_at: DateTime<Utc>,
    /// Why it was declined, or the item it was answered under.
    pub code: Option<String>,
    /// The explanation or answer given to the person.
    pub note: Option<String>,
    /// The ways that remain to the person when it was declined, in Chinese.
    pub remedy_zh: Option<String>,
    /// The same in English.
    pub remedy_en: Option<String>,
}

impl MatterView {
    /// The view of a matter with its parties.
    pub fn of(matter: Matter, parties: Vec<PartyRef>) -> Self {
        Self {
            id: matter.id,
            case_id: matter.case_id,
            version: matter.version,
            region: matter.region,
            region_name: directory::full_name(matter.region),
            state: matter.state,
            class: matter.class,
            persons_involved: matter.persons(),
            source: matter.source,
            channel: matter.channel,
            type_hint: matter.type_hint,
            amount_fen: matter.amount_fen,
            parties,
            organisation_id: matter.organisation_id,
            first_asked: matter.first_asked,
            acceptance_number: matter.acceptance_number,
            outcome: matter.decided_at.map(|decided_at| OutcomeView {
                decided_at,
                code: matter.outcome_code,
                note: matter.outcome_note,
                remedy_zh: matter.remedy_zh,
                remedy_en: matter.remedy_en,
            }),
            registered_at: matter.created_at,
        }
    }
}
