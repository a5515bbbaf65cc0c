//! Facts of mediation 调解.

mod course;
mod register;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{
        AgreementId, CaseId, DispatchOrderId, MediatorId, ObligationId, OrganisationId, PartyId,
        ProceedingId, SessionId,
    },
    region::RegionCode,
    text_enum,
};

pub use course::{
    ChosenBy, FactsAgreed, MediationExtended, MediationPaused, MediationResumed,
    MediationTransferred, MediatorAnswered, MediatorsChosen, MediatorsReplaced, ParticipantInvited,
    PoliceReported, ShamCleared, ShamSuspected, SupportReferred,
};
pub use register::{
    MediatorChanged, MediatorRegistered, MediatorStanding, OrganisationChanged,
    OrganisationRegistered, OrganisationUnderstaffed, StaffingGap, StaffingGapKind,
};

text_enum! {
    /// How a mediation ended, as the case's state names it.
    pub enum MediationOutcome {
        /// 达成协议.
        Agreed => "agreed",
        /// 调解不成.
        Failed => "failed",
        /// 一方拒绝.
        Refused => "refused",
        /// 撤回.
        Withdrawn => "withdrawn",
        /// 自行和解.
        SelfSettled => "self_settled",
    }
}

text_enum! {
    /// Form of an agreement (人民调解法 28-30).
    pub enum AgreementForm {
        /// 书面.
        Written => "written",
        /// 口头: takes effect the day it is reached.
        Oral => "oral",
    }
}

text_enum! {
    /// How an act was signed.
    pub enum SignatureForm {
        /// 签名.
        Handwritten => "handwritten",
        /// 指印.
        Fingerprint => "fingerprint",
        /// 盖章.
        Seal => "seal",
        /// 电子签名 (电子签名法 13-14).
        Electronic => "electronic",
    }
}

text_enum! {
    /// Who signs an agreement (人民调解法 29).
    pub enum SignerKind {
        /// 当事人.
        Party => "party",
        /// 调解员.
        Mediator => "mediator",
        /// 调解组织 (seal).
        Organisation => "organisation",
    }
}

/// A proceeding was opened; the parties are asked whether they are willing 待征询意愿 (transition 10).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediationOpened {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The order it serves.
    pub order_id: DispatchOrderId,
    /// The mediation organisation.
    pub organisation_id: OrganisationId,
    /// When.
    pub opened_at: DateTime<Utc>,
}

/// A party consented (人民调解法 17).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediationConsented {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// The party.
    pub party_id: PartyId,
    /// When.
    pub consented_at: DateTime<Utc>,
}

/// A party refused (transition 12; 人民调解法 17).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediationRefused {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// The party.
    pub party_id: PartyId,
    /// When.
    pub refused_at: DateTime<Utc>,
}

/// Mediation started with everyone's consent 调解中 (transition 11).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediationStarted {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The mediators; the first presides.
    pub mediator_ids: Vec<MediatorId>,
    /// When.
    pub started_at: DateTime<Utc>,
    /// The statutory maximum.
    pub due_at: DateTime<Utc>,
}

/// A session was held and recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SessionHeld {
    /// The session.
    pub session_id: SessionId,
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Place code of the policy pack: on site, online, hall.
    pub place: String,
    /// When it was held.
    pub held_at: DateTime<Utc>,
}

/// Mediation ended (transitions 12, 18, 19).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediationEnded {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// End code of the policy pack (人民法院在线调解规则 25).
    pub end_code: String,
    /// What it means for the case.
    pub outcome: MediationOutcome,
    /// Route codes of the other ways the parties were told of (人民调解法 26); empty when settled.
    pub other_ways: Vec<String>,
    /// When.
    pub ended_at: DateTime<Utc>,
}

/// An agreement was drafted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgreementDrafted {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Written or oral.
    pub form: AgreementForm,
    /// When.
    pub drafted_at: DateTime<Utc>,
}

/// One of those who must sign an agreement signed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgreementSignedBy {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Party, mediator or organisation.
    pub signer: SignerKind,
    /// The party, when it is one.
    pub party_id: Option<PartyId>,
    /// How.
    pub form: SignatureForm,
    /// When.
    pub signed_at: DateTime<Utc>,
}

/// One thing to be performed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ObligationRef {
    /// The obligation.
    pub obligation_id: ObligationId,
    /// Last day to perform it.
    pub due_on: NaiveDate,
    /// Amount in fen, when it is money.
    pub amount_fen: Option<i64>,
}

/// An agreement took effect 协议生效 with the last act it needed (transition 18; 人民调解法 29, 30).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgreementEffective {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The mediation organisation.
    pub organisation_id: OrganisationId,
    /// Written or oral.
    pub form: AgreementForm,
    /// Dispute type code.
    pub type_code: String,
    /// Content codes that the law excludes from judicial confirmation, as the mediator marked them.
    pub content_codes: Vec<String>,
    /// The parties bound.
    pub party_ids: Vec<PartyId>,
    /// Amount in fen; 0 when it is not about money.
    pub amount_fen: i64,
    /// What is to be performed.
    pub obligations: Vec<ObligationRef>,
    /// When it took effect.
    pub effective_at: DateTime<Utc>,
}

/// An obligation was performed 已履行 (transition 25).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PerformanceFulfilled {
    /// The obligation.
    pub obligation_id: ObligationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Whether it was in time.
    pub on_time: bool,
    /// How many obligations of the agreement are still open; 0 = the agreement is performed.
    pub remaining: u32,
    /// When it was registered.
    pub fulfilled_at: DateTime<Utc>,
}

/// An obligation was not performed 未履行 (transition 26).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PerformanceDefaulted {
    /// The obligation.
    pub obligation_id: ObligationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When it was registered.
    pub defaulted_at: DateTime<Utc>,
}

/// A new version of an agreement took the old one's place 变更协议 (人民调解法 33).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgreementAmended {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Content codes that the law excludes from judicial confirmation.
    pub content_codes: Vec<String>,
    /// Amount in fen; 0 when it is not about money.
    pub amount_fen: i64,
    /// What is to be performed now.
    pub obligations: Vec<ObligationRef>,
    /// What is no longer owed.
    #[serde(default)]
    pub superseded: Vec<ObligationRef>,
    /// When.
    pub amended_at: DateTime<Utc>,
}

/// The court did not confirm this agreement, and another one took its place or the parties took another way (人民调解法 33).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgreementVoided {
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The agreement that binds instead; none when the parties took another way.
    pub replaced_by: Option<AgreementId>,
    /// What is no longer owed.
    #[serde(default)]
    pub superseded: Vec<ObligationRef>,
    /// When.
    pub voided_at: DateTime<Utc>,
}

/// A reminder of an obligation 催促履行, before, on or after its last day (人民调解法 31).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PerformanceDue {
    /// The obligation.
    pub obligation_id: ObligationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Last day to perform it.
    pub due_on: NaiveDate,
    /// Days until then; negative when it has passed.
    pub days_left: i64,
}

super::events! { Some(Service::Mediation);
    MediationOpened => "mediation"."opened",
    MediationConsented => "mediation"."consented",
    MediationRefused => "mediation"."refused",
    MediationStarted => "mediation"."started",
    SessionHeld => "mediation"."session_held",
    MediationEnded => "mediation"."ended",
    AgreementDrafted => "agreement"."drafted",
    AgreementSignedBy => "agreement"."signed_by",
    AgreementEffective => "agreement"."effective",
    PerformanceFulfilled => "performance"."fulfilled",
    PerformanceDefaulted => "performance"."defaulted",
    AgreementAmended => "agreement"."amended",
    AgreementVoided => "agreement"."voided",
    PerformanceDue => "performance"."due",
}
