//! Facts of what may happen on the way: choice of the mediator, suspension, extension, other ways, reports.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    events::events,
    ids::{AgreementId, CaseId, MediatorId, ProceedingId},
    region::RegionCode,
    text_enum,
};

text_enum! {
    /// Who chose the mediators (人民法院在线调解规则 10).
    pub enum ChosenBy {
        /// 当事人共同选定.
        Parties => "parties",
        /// 调解组织指定.
        Organisation => "organisation",
    }
}

/// The mediators were chosen 选定、指定调解员 (人民调解法 19).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediatorsChosen {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The mediators; the first presides.
    pub mediator_ids: Vec<MediatorId>,
    /// The parties together, or the organisation.
    pub by: ChosenBy,
    /// When.
    pub chosen_at: DateTime<Utc>,
}

/// A chosen mediator accepted or refused (人民法院在线调解规则 12).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediatorAnswered {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// The mediator.
    pub mediator_id: MediatorId,
    /// Whether they accept.
    pub accepts: bool,
    /// When.
    pub answered_at: DateTime<Utc>,
}

/// Other mediators took over 更换调解员 (人民法院在线调解规则 14).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediatorsReplaced {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The mediators; the first presides.
    pub mediator_ids: Vec<MediatorId>,
    /// Reason code of the policy pack.
    pub reason: String,
    /// When.
    pub replaced_at: DateTime<Utc>,
}

/// Somebody was invited to help with every party's consent (人民调解法 20).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ParticipantInvited {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Role code of the policy pack.
    pub role: String,
    /// When.
    pub invited_at: DateTime<Utc>,
}

/// Mediation was suspended 中止 (transition 13).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediationPaused {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Reason code of the policy pack.
    pub reason: String,
    /// Whether the time limit stands still (人民法院在线调解规则 26).
    pub stops_clock: bool,
    /// When it ends by itself, where its length is limited.
    pub until: Option<DateTime<Utc>>,
    /// When.
    pub paused_at: DateTime<Utc>,
}

/// Mediation went on 恢复 (transition 13).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediationResumed {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When it is due now.
    pub due_at: Option<DateTime<Utc>>,
    /// When.
    pub resumed_at: DateTime<Utc>,
}

/// Every party agreed to a longer time 延长 (transition 14).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediationExtended {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When it is due now.
    pub due_at: DateTime<Utc>,
    /// When.
    pub extended_at: DateTime<Utc>,
}

/// Every party signed the facts nobody disputes 无争议事实 (人民法院在线调解规则 18).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FactsAgreed {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// When.
    pub agreed_at: DateTime<Utc>,
}

/// The case goes another way 转其他途径 (transitions 20, 23).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediationTransferred {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Route code.
    pub way: String,
    /// How the mediation ends with it, of the policy pack: given when the court did not confirm what was agreed. A mediation that
    /// settled nothing said so when it ended.
    #[serde(default)]
    pub end_code: Option<String>,
    /// Whether only the rest goes that way: a part was settled 部分协议, and that agreement stands.
    #[serde(default)]
    pub of_the_rest: bool,
    /// When.
    pub transferred_at: DateTime<Utc>,
}

/// A sham mediation 虚假调解 is suspected (JC-09); what rests on it must wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ShamSuspected {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The agreement, from its draft on.
    pub agreement_id: Option<AgreementId>,
    /// Ground code of the policy pack.
    pub ground: String,
    /// When.
    pub suspected_at: DateTime<Utc>,
}

/// The suspicion of a sham mediation was unfounded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ShamCleared {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The agreement, from its draft on.
    pub agreement_id: Option<AgreementId>,
    /// When.
    pub cleared_at: DateTime<Utc>,
}

/// A dispute that may escalate was reported to the police (人民调解法 25).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PoliceReported {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Ground code of the policy pack.
    pub ground: String,
    /// When.
    pub reported_at: DateTime<Utc>,
}

/// A party was referred to support 心理疏导 (ME-13).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SupportReferred {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Kind code of the policy pack.
    pub kind: String,
    /// When.
    pub referred_at: DateTime<Utc>,
}

events! { Some(Service::Mediation);
    MediatorsChosen => "mediation"."mediators_chosen",
    MediatorAnswered => "mediation"."mediator_answered",
    MediatorsReplaced => "mediation"."mediators_replaced",
    ParticipantInvited => "mediation"."participant_invited",
    MediationPaused => "mediation"."paused",
    MediationResumed => "mediation"."resumed",
    MediationExtended => "mediation"."extended",
    FactsAgreed => "mediation"."facts_agreed",
    MediationTransferred => "mediation"."transferred",
    ShamSuspected => "mediation"."sham_suspected",
    ShamCleared => "mediation"."sham_cleared",
    PoliceReported => "mediation"."police_reported",
    SupportReferred => "mediation"."support_referred",
}
