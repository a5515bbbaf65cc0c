//! Facts of triage 分流.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{CaseId, DispatchOrderId, OrganisationId, ProposalId},
    region::RegionCode,
    text_enum,
};

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
    /// How an order is handed over (3-lifecycle 5.4).
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

super::events! { Some(Service::Triage);
    TriageProposed => "triage"."proposed",
    TriageDecided => "triage"."decided",
    DispatchIssued => "dispatch"."issued",
    DispatchSigned => "dispatch"."signed",
}
