//! Facts of intake 受理.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{
        AppointmentId, AttachmentId, CaseId, InquiryId, MatterId, NotificationId, OrganisationId,
        PartyId, ScreeningId,
    },
    region::RegionCode,
    text_enum,
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

text_enum! {
    /// How a message reaches a party.
    pub enum NotificationChannel {
        /// 站内信: read through the API.
        InApp => "in_app",
        /// 短信.
        Sms => "sms",
        /// 小程序.
        MiniProgramme => "mini_programme",
        /// 电子邮件.
        Email => "email",
    }
}

text_enum! {
    /// How a hidden risk was looked for (IN-15).
    pub enum ScreeningKind {
        /// 常态化排查.
        Routine => "routine",
        /// 专项排查.
        Targeted => "targeted",
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

text_enum! {
    /// What a petition is (信访工作条例 31).
    pub enum PetitionKind {
        /// 建议意见.
        Suggestion => "suggestion",
        /// 检举控告.
        Report => "report",
        /// 申诉求决.
        Claim => "claim",
    }
}

text_enum! {
    /// What of a petition is answered (信访工作条例 34-36).
    pub enum PetitionStage {
        /// 办理.
        Handling => "handling",
        /// 复查.
        Review => "review",
        /// 复核.
        ReReview => "re_review",
    }
}

/// A person decided what a petition is and which way it takes (信访工作条例 31).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PetitionDecided {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Suggestion, report or claim.
    pub kind: PetitionKind,
    /// A code of the policy pack's ways.
    pub way: String,
    /// When its answer is due; `None` when it goes on in another procedure.
    pub due_at: Option<DateTime<Utc>>,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// The handling of a petition was lengthened with approval (信访工作条例 34).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PetitionExtended {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When the answer is due now.
    pub due_at: DateTime<Utc>,
    /// When it was lengthened.
    pub extended_at: DateTime<Utc>,
}

/// A petition, its review or its re-review was answered (信访工作条例 34-36).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PetitionAnswered {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// What was answered.
    pub stage: PetitionStage,
    /// When.
    pub answered_at: DateTime<Utc>,
}

/// The person asked for a review or re-review of a petition (信访工作条例 35, 36).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PetitionReviewAsked {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// What was asked for.
    pub stage: PetitionStage,
    /// When the answer is due.
    pub due_at: DateTime<Utc>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
}

/// A person asked for advice 咨询 (IN-16).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InquiryAsked {
    /// The question.
    pub inquiry_id: InquiryId,
    /// Where it was asked.
    pub region: RegionCode,
    /// Item code of the policy pack's list (IN-17).
    pub item: String,
    /// When the answer is due.
    pub due_at: DateTime<Utc>,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// A question was answered 咨询答复 (IN-16).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InquiryAnswered {
    /// The question.
    pub inquiry_id: InquiryId,
    /// Where it was asked.
    pub region: RegionCode,
    /// When.
    pub answered_at: DateTime<Utc>,
}

/// The person rated the answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InquiryRated {
    /// The question.
    pub inquiry_id: InquiryId,
    /// Where it was asked.
    pub region: RegionCode,
    /// Score on the policy pack's scale.
    pub score: u8,
    /// When.
    pub rated_at: DateTime<Utc>,
}

/// A person asked for an appointment with an organisation 预约调解 (IN-10, IN-13).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentAsked {
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
    /// The matter it is about, when there is one.
    pub matter_id: Option<MatterId>,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
}

/// The organisation confirmed an appointment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentConfirmed {
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
    /// When.
    pub confirmed_at: DateTime<Utc>,
}

/// An appointment was cancelled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentCancelled {
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
    /// When.
    pub cancelled_at: DateTime<Utc>,
}

/// The time of an appointment came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentEnded {
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
    /// Whether the person came.
    pub came: bool,
    /// When it was noted.
    pub ended_at: DateTime<Utc>,
}

/// A file was handed in for a matter 材料.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AttachmentAdded {
    /// The file.
    pub attachment_id: AttachmentId,
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When.
    pub added_at: DateTime<Utc>,
}

/// The content of a file was removed before the matter was decided; its entry stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AttachmentRemoved {
    /// The file.
    pub attachment_id: AttachmentId,
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When.
    pub removed_at: DateTime<Utc>,
}

/// A message to a party was taken by no gateway in all attempts; somebody must look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NotificationFailed {
    /// The message.
    pub notification_id: NotificationId,
    /// The case it tells of.
    pub case_id: CaseId,
    /// How it should have gone.
    pub channel: NotificationChannel,
    /// Code of its template.
    pub template: String,
    /// When.
    pub failed_at: DateTime<Utc>,
}

/// A hidden risk 苗头隐患 was found by screening 排查 (IN-15).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScreeningRecorded {
    /// The risk.
    pub screening_id: ScreeningId,
    /// The case it opens when it becomes a matter.
    pub case_id: CaseId,
    /// Where it is.
    pub region: RegionCode,
    /// Routine or targeted.
    pub kind: ScreeningKind,
    /// Code of the key area, field, industry or group of persons.
    pub category: String,
    /// Code of how grave it is.
    pub severity: String,
    /// The organisation of who recorded it.
    pub organisation_id: Option<OrganisationId>,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// A hidden risk was settled and left the ledger 化解销号.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScreeningWrittenOff {
    /// The risk.
    pub screening_id: ScreeningId,
    /// The case it would have opened.
    pub case_id: CaseId,
    /// Where it is.
    pub region: RegionCode,
    /// Reason code of the policy pack.
    pub reason: String,
    /// When.
    pub written_off_at: DateTime<Utc>,
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
    MatterLinked => "matter"."linked",
    CaseArchived => "case"."archived",
    PetitionDecided => "petition"."decided",
    PetitionExtended => "petition"."extended",
    PetitionAnswered => "petition"."answered",
    PetitionReviewAsked => "petition"."review_asked",
    InquiryAsked => "inquiry"."asked",
    InquiryAnswered => "inquiry"."answered",
    InquiryRated => "inquiry"."rated",
    AppointmentAsked => "appointment"."asked",
    AppointmentConfirmed => "appointment"."confirmed",
    AppointmentCancelled => "appointment"."cancelled",
    AppointmentEnded => "appointment"."ended",
    AttachmentAdded => "attachment"."added",
    AttachmentRemoved => "attachment"."removed",
    NotificationFailed => "notification"."failed",
    ScreeningRecorded => "screening"."recorded",
    ScreeningWrittenOff => "screening"."written_off",
}
