//! What several operations answer.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::intake::{MatterClass, PartyRef},
    ids::{CaseId, MatterId, OrganisationId},
    region::{RegionCode, directory},
};
use policy::{PolicyPack, Text, sections::Named};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    correction::Correction,
    matter::{Matter, MatterState},
};

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
    /// The code of the place where the dispute code hung (IN-11).
    pub place_code: Option<String>,
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
            place_code: matter.place_code,
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

/// The one list of what was missing 一次性告知, and what became of it.
#[derive(Serialize, ToSchema)]
pub struct CorrectionView {
    /// The materials that are missing.
    pub materials: Vec<NamedCode>,
    /// What else is missing.
    pub note: Option<String>,
    /// When the list was handed over.
    pub asked_at: DateTime<Utc>,
    /// The last day for an answer, in Beijing.
    pub last_day: NaiveDate,
    /// What was supplied, once it was.
    pub supplied_note: Option<String>,
    /// When.
    pub supplied_at: Option<DateTime<Utc>>,
}

/// A code of the policy pack with its names.
#[derive(Serialize, ToSchema)]
pub struct NamedCode {
    /// The code.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl NamedCode {
    /// A code; one the policy pack no longer has names itself.
    pub fn of(code: String, known: Option<&Named>) -> Self {
        let name = known.map(|known| known.name.clone());
        let (zh, en) =
            name.map_or_else(|| (code.clone(), code.clone()), |Text { zh, en }| (zh, en));
        Self { code, zh, en }
    }
}

impl CorrectionView {
    /// The view of a list.
    pub fn of(list: Correction, policy: &PolicyPack) -> Self {
        let named = |code: String| {
            let known = policy.intake().correction_material(&code);
            NamedCode::of(code, known)
        };
        Self {
            materials: list.materials.into_iter().map(named).collect(),
            note: list.note,
            asked_at: list.asked_at,
            last_day: list.last_day,
            supplied_note: list.supplied_note,
            supplied_at: list.supplied_at,
        }
    }
}

/// A matter with the list of what was missing.
#[derive(Serialize, ToSchema)]
pub struct CorrectedMatter {
    /// The matter.
    #[serde(flatten)]
    pub matter: MatterView,
    /// The list.
    pub correction: CorrectionView,
}

impl CorrectedMatter {
    /// The view of a matter with its list.
    pub fn of(matter: Matter, parties: Vec<PartyRef>, correction: CorrectionView) -> Self {
        Self {
            matter: MatterView::of(matter, parties),
            correction,
        }
    }
}
