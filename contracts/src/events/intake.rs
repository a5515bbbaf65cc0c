//! Facts of intake 受理.

mod petition;
mod window;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{CaseId, MatterId, OrganisationId, PartyId},
    region::RegionCode,
    text_enum,
};

pub use petition::{
    PetitionAnswered, PetitionDecided, PetitionEnded, PetitionExtended, PetitionKind,
    PetitionReviewAsked, PetitionServed, PetitionStage,
};
pub use window::{
    AppointmentAsked, AppointmentCancelled, AppointmentConfirmed, AppointmentEnded,
    AttachmentAdded, AttachmentRemoved, InquiryAnswered, InquiryAsked, InquiryRated,
    NotificationChannel, NotificationFailed, ScreeningKind, ScreeningRecorded, ScreeningWrittenOff,
};

text_enum! {
    /// Class of a matter (IN-02): each goes to its own statutory procedure.
    pub enum MatterClass {
        /// 矛盾纠纷.
        Dispute => "dispute",
        /// 信访诉求.
        Petition => "petition",
        /// 投诉举报.
        Complaint => "complaint",
    }
}

text_enum! {
    /// A party's side.
    pub enum PartySide {
        /// 申请人.
        Applicant => "applicant",
        /// 被申请人.
        Respondent => "respondent",
        /// 第三人.
        ThirdParty => "third_party",
    }
}

text_enum! {
    /// What a party is in law.
    pub enum PartyKind {
        /// 自然人.
        NaturalPerson => "natural_person",
        /// 法人或非法人组织.
        LegalPerson => "legal_person",
    }
}

/// A party without its identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartyRef {
    /// The party.
    pub party_id: PartyId,
    /// Its side.
    pub side: PartySide,
    /// Natural or legal person.
    pub kind: PartyKind,
}

/// A matter was registered 已登记 (transition 1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterRegistered {
    /// The matter.
    pub matter_id: MatterId,
    /// The case it belongs to.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Dispute, petition or complaint.
    pub class: MatterClass,
    /// Source code of the policy pack (IN-04).
    pub source: String,
    /// Channel code of the policy pack (IN-08).
    pub channel: String,
    /// The dispute type the person or clerk named, a code of the policy pack.
    pub type_hint: Option<String>,
    /// The parties.
    pub parties: Vec<PartyRef>,
    /// How many people are involved.
    pub persons_involved: u32,
    /// Amount in dispute, fen.
    pub amount_fen: Option<i64>,
    /// The organisation whose window took it.
    pub organisation_id: Option<OrganisationId>,
    /// When.
    pub registered_at: DateTime<Utc>,
}

/// A matter was accepted 已受理 (transition 5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterAccepted {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// 受理编号.
    pub acceptance_number: String,
    /// Dispute, petition or complaint.
    pub class: MatterClass,
    /// Source code.
    pub source: String,
    /// Channel code.
    pub channel: String,
    /// The dispute type named at registration.
    pub type_hint: Option<String>,
    /// The parties.
    pub parties: Vec<PartyRef>,
    /// How many people are involved.
    pub persons_involved: u32,
    /// Amount in dispute, fen.
    pub amount_fen: Option<i64>,
    /// The organisation whose window took it.
    pub organisation_id: Option<OrganisationId>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: DateTime<Utc>,
}

/// A matter was not accepted 不予受理; the person was told why and what else they can do (transition 4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterDeclined {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Reason code of the policy pack.
    pub reason: String,
    /// When.
    pub declined_at: DateTime<Utc>,
}

/// A matter was settled on the spot 当场办结 (transition 3; IN-07).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterAnswered {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Item code of the policy pack's list of on-the-spot items.
    pub item: String,
    /// When.
    pub answered_at: DateTime<Utc>,
}

/// A person was given the one list of what is missing 要求补正 (transition 2; IN-05).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterCorrectionAsked {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Codes of the policy pack's list of materials; empty when only a text names what is missing.
    pub materials: Vec<String>,
    /// An answer before this instant is in time.
    pub due_at: DateTime<Utc>,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// What was missing was supplied 已补正; the matter is registered again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterCorrected {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Which of its fields are others now, by their names in the API; empty when only materials were handed in.
    #[serde(default)]
    pub changed: Vec<String>,
    /// Dispute, petition or complaint, as it is now.
    #[serde(default)]
    pub class: Option<MatterClass>,
    /// The dispute type, as it is now.
    #[serde(default)]
    pub type_hint: Option<String>,
    /// When.
    pub corrected_at: DateTime<Utc>,
}

/// What was missing did not come in time: the matter lapsed 逾期未补正.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterLapsed {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When.
    pub lapsed_at: DateTime<Utc>,
}

/// A closed case was opened again 重启 (transition 29): it is accepted, and its handling is decided anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseReopened {
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Reason code of the policy pack.
    pub reason: String,
    /// When it had been closed.
    pub closed_at: DateTime<Utc>,
    /// When it was opened again.
    pub reopened_at: DateTime<Utc>,
}

/// The dispute of a closed case came back 复发 and was registered as a case of its own (transition 29).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseRecurred {
    /// The new case.
    pub case_id: CaseId,
    /// The closed case.
    pub earlier_case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When it was registered.
    pub recurred_at: DateTime<Utc>,
}

/// A case was merged into another one 并案 (transition 32). Its matters belong to the leading case from now on, for which
/// `matter.registered` and `matter.accepted` are published again with all its parties; the merged case is closed with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseMerged {
    /// The merged case.
    pub case_id: CaseId,
    /// The leading case.
    pub into_case_id: CaseId,
    /// Where the merged case happened.
    pub region: RegionCode,
    /// The matters that moved.
    pub matter_ids: Vec<MatterId>,
    /// When.
    pub merged_at: DateTime<Utc>,
}

/// Matters of a case became a case of their own 拆案 (transition 32). For the new case `matter.registered` and
/// `matter.accepted` are published with the time of the split: it counts as received from then on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseSplit {
    /// The case that was split.
    pub case_id: CaseId,
    /// The new case.
    pub new_case_id: CaseId,
    /// Where the case happened.
    pub region: RegionCode,
    /// The matters that moved.
    pub matter_ids: Vec<MatterId>,
    /// When.
    pub split_at: DateTime<Utc>,
}

/// The parties of a case are others now: some left with the matters that were split off, or the person corrected who takes part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CasePartiesChanged {
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// All who take part from now on, each once.
    pub parties: Vec<PartyRef>,
    /// When.
    pub changed_at: DateTime<Utc>,
}

text_enum! {
    /// How two matters belong together.
    pub enum LinkKind {
        /// 重复: the same matter brought again (信访工作条例 19).
        Duplicate => "duplicate",
        /// 相关.
        Related => "related",
    }
}

/// A person linked two matters 关联. Both stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterLinked {
    /// The matter that was linked.
    pub matter_id: MatterId,
    /// The matter it was linked to.
    pub other_matter_id: MatterId,
    /// The case of the first.
    pub case_id: CaseId,
    /// Where the first happened.
    pub region: RegionCode,
    /// How they belong together.
    pub kind: LinkKind,
    /// When.
    pub linked_at: DateTime<Utc>,
}

/// A person undid a link 撤销关联: each matter stands on its own again. Why, in words, stays with intake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatterUnlinked {
    /// The matter that had been linked.
    pub matter_id: MatterId,
    /// The matter it had been linked to.
    pub other_matter_id: MatterId,
    /// The case of the first.
    pub case_id: CaseId,
    /// Where the first happened.
    pub region: RegionCode,
    /// How they were said to belong together.
    pub kind: LinkKind,
    /// When.
    pub unlinked_at: DateTime<Utc>,
}

/// The file of a closed case was archived 归档 (transition 30).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseArchived {
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// 卷号.
    pub file_number: String,
    /// Retention class of the policy pack.
    pub retention: String,
    /// How many documents it holds.
    pub documents: u32,
    /// When.
    pub archived_at: DateTime<Utc>,
}

super::events! { Some(Service::Intake);
    MatterRegistered => "matter"."registered",
    MatterAccepted => "matter"."accepted",
    MatterDeclined => "matter"."declined",
    MatterAnswered => "matter"."answered",
    MatterCorrectionAsked => "matter"."correction_asked",
    MatterCorrected => "matter"."corrected",
    MatterLapsed => "matter"."lapsed",
    CaseReopened => "case"."reopened",
    CaseRecurred => "case"."recurred",
    CaseMerged => "case"."merged",
    CaseSplit => "case"."split",
    CasePartiesChanged => "case"."parties_changed",
    MatterLinked => "matter"."linked",
    MatterUnlinked => "matter"."unlinked",
    CaseArchived => "case"."archived",
}
