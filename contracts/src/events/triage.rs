//! Facts of triage 分流.

mod together;
mod unmediated;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{CaseId, DispatchOrderId, OrganisationId, ProposalId, SupervisionId, UrgeId},
    region::RegionCode,
    text_enum,
};

pub use together::{
    CaseStudied, ConsultationCalled, ConsultationConcluded, ConsultationReportedIn, EntryMode,
    TaskForceDissolved, TaskForceFormed, TaskForcePlanned, TaskForceProgressed, TaskForceUrged,
};
pub use unmediated::{DispatchCompleted, DispatchExtended, DispatchFedBack, DispatchReworked};

text_enum! {
    /// Track 跑道 (TR-02).
    pub enum Track {
        /// 简易.
        Simple => "simple",
        /// 一般.
        General => "general",
        /// 复杂.
        Complex => "complex",
    }
}

text_enum! {
    /// Risk colour in order of severity; what a locality calls them is in the policy pack (RP-03).
    pub enum RiskColour {
        /// 蓝/绿: ordinary.
        Blue => "blue",
        /// 黄.
        Yellow => "yellow",
        /// 橙.
        Orange => "orange",
        /// 红.
        Red => "red",
    }
}

text_enum! {
    /// How an order is handed over.
    pub enum DispatchMode {
        /// 交办: with a duty to report.
        Assign => "assign",
        /// 转办.
        Transfer => "transfer",
        /// 转送: no duty to report.
        Forward => "forward",
        /// 委派.
        Delegate => "delegate",
        /// 指定办理: cannot be returned.
        Designate => "designate",
        /// 协办: works along; who answers for the case stays the same.
        Assist => "assist",
        /// 移交: hands the case over when the receiver signs.
        HandOver => "hand_over",
        /// 上报: the same, to the organisation above.
        ReportUp => "report_up",
    }
}

text_enum! {
    /// What becomes of a case with what an organ tells of it 反馈 (TR-04).
    pub enum FeedbackEffect {
        /// The organ goes on with it.
        GoesOn => "goes_on",
        /// It is finished.
        Ends => "ends",
        /// The organ gives it back: it is not the one to handle it.
        Returns => "returns",
        /// The organ handled it and could not settle it: another way is decided.
        Unsettled => "unsettled",
    }
}

text_enum! {
    /// What a supervision order finds fault with.
    pub enum SupervisionFault {
        /// 应受理未受理.
        ShouldAccept => "should_accept",
        /// 应办理未办理.
        ShouldHandle => "should_handle",
        /// 不依法办理.
        NotByLaw => "not_by_law",
    }
}

/// The machine proposed how to handle a case; advice only (个人信息保护法 24).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TriageProposed {
    /// The proposal.
    pub proposal_id: ProposalId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Dispute type code.
    pub type_code: String,
    /// Route code.
    pub route: String,
    /// Track.
    pub track: Track,
    /// Risk colour.
    pub colour: RiskColour,
    /// Ids of the policy rules that spoke.
    pub rule_ids: Vec<String>,
    /// When.
    pub proposed_at: DateTime<Utc>,
}

/// A person decided how to handle a case 已分流 (transition 6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TriageDecided {
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Dispute type code.
    pub type_code: String,
    /// Route code.
    pub route: String,
    /// Track.
    pub track: Track,
    /// Risk colour.
    pub colour: RiskColour,
    /// Whether the decision equals the proposal in all four.
    pub as_proposed: bool,
    /// Subject of the person who decided.
    pub decided_by: String,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// A case was dispatched 已交办 (transition 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchIssued {
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// How it is handed over.
    pub mode: DispatchMode,
    /// The receiving organisation.
    pub to_organisation: OrganisationId,
    /// Route code.
    pub route: String,
    /// Dispute type code.
    pub type_code: String,
    /// Track.
    pub track: Track,
    /// When the work is due.
    pub due_at: DateTime<Utc>,
    /// Whether the due date rests on a calendar year not announced yet.
    pub due_provisional: bool,
    /// When.
    pub issued_at: DateTime<Utc>,
}

/// The receiving organisation signed for an order 已签收 (transition 8).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchSigned {
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The organisation now accountable.
    pub organisation_id: OrganisationId,
    /// Route code.
    pub route: String,
    /// Dispute type code.
    pub type_code: String,
    /// Track.
    pub track: Track,
    /// When the work is due.
    pub due_at: DateTime<Utc>,
    /// When.
    pub signed_at: DateTime<Utc>,
}

/// The receiving organisation asks to give an order back 申请退回 (transition 9; 信访工作条例 23). Why in words stays with triage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchReturnAsked {
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who asks.
    pub organisation_id: OrganisationId,
    /// Reason code of the policy pack.
    pub reason: String,
    /// When the sender's answer is due.
    pub decide_due_at: DateTime<Utc>,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// An order went back to its sender 同意退回, or its handler was designated instead (transition 9): it is void.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchReturned {
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who gave it back.
    pub organisation_id: OrganisationId,
    /// Reason code of the policy pack.
    pub reason: String,
    /// Whether only a designation can give the case to somebody now (信访工作条例 24).
    pub designation_required: bool,
    /// When.
    pub returned_at: DateTime<Utc>,
}

/// The sender does not take an order back 不同意退回 (transition 9): it stays in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchReturnRejected {
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who had asked.
    pub organisation_id: OrganisationId,
    /// Whether the order was signed for; when not, the signature is due anew.
    pub signed: bool,
    /// When.
    pub rejected_at: DateTime<Utc>,
}

/// The sender took an order back before it was signed for 撤回: it is void.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchRecalled {
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who had been given it.
    pub organisation_id: OrganisationId,
    /// When.
    pub recalled_at: DateTime<Utc>,
}

/// The case has another accountable organisation 主办移交: it signed for the order that takes the place of the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchHandedOver {
    /// The order that was in force.
    pub from_order: DispatchOrderId,
    /// The order in force from now on.
    pub to_order: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Why: handed over or reported up.
    pub mode: DispatchMode,
    /// Who answered for it.
    pub from_organisation: OrganisationId,
    /// Who answers for it.
    pub to_organisation: OrganisationId,
    /// When.
    pub handed_over_at: DateTime<Utc>,
}

/// An organisation is to work along on a case 协办.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssistAsked {
    /// Its order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who assists.
    pub organisation_id: OrganisationId,
    /// When its part is due.
    pub due_at: DateTime<Utc>,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// An assisting organisation signed for its order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssistSigned {
    /// Its order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who assists.
    pub organisation_id: OrganisationId,
    /// When.
    pub signed_at: DateTime<Utc>,
}

/// Whoever handles a case was urged 催办: by a person, or of itself when a clock ran out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DispatchUrged {
    /// The urging.
    pub urge_id: UrgeId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who was urged; none = the centre itself.
    pub organisation_id: Option<OrganisationId>,
    /// The clock that ran out; none when a person urged.
    pub clock: Option<String>,
    /// When.
    pub urged_at: DateTime<Utc>,
}

/// A case is supervised 督办 (transition 31). What is demanded, in words, stays with triage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SupervisionIssued {
    /// The supervision order.
    pub supervision_id: SupervisionId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who is supervised; none = the centre itself.
    pub organisation_id: Option<OrganisationId>,
    /// What is found fault with.
    pub fault: SupervisionFault,
    /// 挂牌督办.
    pub listed: bool,
    /// Whether the short time to reply runs.
    pub urgent: bool,
    /// The clock that ran out; none when a person supervises.
    pub clock: Option<String>,
    /// When the reply is due.
    pub reply_due_at: DateTime<Utc>,
    /// When.
    pub issued_at: DateTime<Utc>,
}

/// The supervised organisation replied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SupervisionReplied {
    /// The supervision order.
    pub supervision_id: SupervisionId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who is supervised.
    pub organisation_id: Option<OrganisationId>,
    /// Whether in time.
    pub on_time: bool,
    /// When.
    pub replied_at: DateTime<Utc>,
}

/// The supervisor closed a supervision order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SupervisionClosed {
    /// The supervision order.
    pub supervision_id: SupervisionId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who was supervised.
    pub organisation_id: Option<OrganisationId>,
    /// What was found fault with.
    pub fault: SupervisionFault,
    /// Whether the fault is put right.
    pub rectified: bool,
    /// When.
    pub closed_at: DateTime<Utc>,
}

/// The risk colour of a case changed 风险等级变更 (RP-03): a rule or a person raised it, or a person lowered it. Why, in words, stays
/// with triage. What a decision says of the colour is in [`TriageDecided`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RiskChanged {
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The colour before.
    pub was: RiskColour,
    /// The colour now.
    pub colour: RiskColour,
    /// The rule of the policy pack that raised it; none when a person changed it.
    pub rule: Option<String>,
    /// When.
    pub changed_at: DateTime<Utc>,
}

super::events! { Some(Service::Triage);
    TriageProposed => "triage"."proposed",
    TriageDecided => "triage"."decided",
    DispatchIssued => "dispatch"."issued",
    DispatchSigned => "dispatch"."signed",
    DispatchReturnAsked => "dispatch"."return_asked",
    DispatchReturned => "dispatch"."returned",
    DispatchReturnRejected => "dispatch"."return_rejected",
    DispatchRecalled => "dispatch"."recalled",
    DispatchHandedOver => "dispatch"."handed_over",
    AssistAsked => "assist"."asked",
    AssistSigned => "assist"."signed",
    DispatchUrged => "dispatch"."urged",
    SupervisionIssued => "supervision"."issued",
    SupervisionReplied => "supervision"."replied",
    SupervisionClosed => "supervision"."closed",
    RiskChanged => "risk"."changed",
}
