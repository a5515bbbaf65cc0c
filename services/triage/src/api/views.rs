//! What the operations answer with.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::{
        intake::MatterClass,
        triage::{DispatchMode, RiskColour, Track},
    },
    ids::{CaseId, DispatchOrderId, MatterId, OrganisationId, ProposalId},
    region::RegionCode,
};
use policy::triage::{Reason, TypeScore};
use serde::Serialize;
use utoipa::ToSchema;

use super::history_views::CaseHistory;
use crate::{
    domain::{CaseProposal, CaseState, Decision, Order, OrderState, TriageCase},
    store::cases::CaseFile,
};

/// A case in triage with its proposal, its decision and its orders.
#[derive(Debug, Serialize, ToSchema)]
pub struct TriageCaseView {
    /// The case.
    pub case_id: CaseId,
    /// The matter it was opened with.
    pub matter_id: MatterId,
    /// Where it happened.
    pub region: RegionCode,
    /// 受理编号.
    pub acceptance_number: String,
    /// Dispute, petition or complaint.
    pub class: MatterClass,
    /// People involved.
    pub persons_involved: i64,
    /// Amount in dispute, fen.
    pub amount_fen: Option<i64>,
    /// When it was accepted.
    pub accepted_at: DateTime<Utc>,
    /// When the decision is due.
    pub decide_due_at: DateTime<Utc>,
    /// The risk colour it has now.
    pub colour: RiskColour,
    /// Its state.
    pub state: CaseState,
    /// As in the `ETag`.
    pub version: i64,
    /// What the rules advised, with their reasons.
    pub proposal: ProposalView,
    /// What a person decided.
    pub decision: Option<DecisionView>,
    /// Its dispatch orders, the oldest first.
    pub orders: Vec<OrderView>,
    /// What is kept of its past.
    #[serde(flatten)]
    pub history: CaseHistory,
}

/// What the rules advised; advice only (个人信息保护法 24).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalView {
    /// The proposal.
    pub id: ProposalId,
    /// Dispute type code.
    pub type_code: String,
    /// Route code.
    pub route: String,
    /// Track.
    pub track: Track,
    /// Risk colour.
    pub colour: RiskColour,
    /// Obstacles to mediation that the rules saw: codes of the policy pack.
    pub obstacles: Vec<String>,
    /// Every rule that spoke: its id, the words it matched, why.
    #[schema(value_type = Vec<Reason>)]
    pub reasons: serde_json::Value,
    /// The types that scored, best first.
    #[schema(value_type = Vec<TypeScore>)]
    pub scores: serde_json::Value,
    /// Version of the policy pack.
    pub policy_version: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
}

/// What a person decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionView {
    /// Dispute type code.
    pub type_code: String,
    /// Route code.
    pub route: String,
    /// Track.
    pub track: Track,
    /// Risk colour.
    pub colour: RiskColour,
    /// Whether it equals the proposal in all four.
    pub as_proposed: bool,
    /// Why it differs.
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by: String,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// A dispatch order 流转单.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderView {
    /// The order.
    pub id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The receiving organisation.
    pub organisation_id: OrganisationId,
    /// How it is handed over.
    pub mode: DispatchMode,
    /// Route code.
    pub route: String,
    /// Dispute type code.
    pub type_code: String,
    /// Track.
    pub track: Track,
    /// Last day for the work, in Beijing.
    pub due_on: NaiveDate,
    /// End of that day.
    pub due_at: DateTime<Utc>,
    /// Whether it rests on a calendar year not announced yet.
    pub due_provisional: bool,
    /// When the signature is due.
    pub sign_due_at: DateTime<Utc>,
    /// Its state.
    pub state: OrderState,
    /// Who issued it.
    pub issued_by: String,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// Who signed for it.
    pub signed_by: Option<String>,
    /// When.
    pub signed_at: Option<DateTime<Utc>>,
    /// Until when the receiver may ask to return it.
    pub return_until: Option<DateTime<Utc>>,
    /// When a proceeding was opened for it: since then it cannot be returned.
    pub work_begun_at: Option<DateTime<Utc>>,
    /// The order it takes the place of when it is signed for.
    pub follows: Option<DispatchOrderId>,
    /// Who hands the case over with it.
    pub from_organisation: Option<OrganisationId>,
    /// Why it reports up: a code of the policy pack.
    pub reason: Option<String>,
    /// Why the case is handed over, or what the assisting organisation is to do.
    pub note: Option<String>,
    /// As in the `ETag`.
    pub version: i64,
}

/// A line of the worklist.
#[derive(Debug, Serialize, ToSchema)]
pub struct TriageCaseItem {
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// 受理编号.
    pub acceptance_number: String,
    /// Dispute, petition or complaint.
    pub class: MatterClass,
    /// Its state.
    pub state: CaseState,
    /// Dispute type code: the decided one, else the proposed one. So are the next three.
    pub type_code: String,
    /// Route code.
    pub route: String,
    /// Track.
    pub track: Track,
    /// Risk colour.
    pub colour: RiskColour,
    /// Whether they are decided.
    pub decided: bool,
    /// The organisation it was dispatched to.
    pub organisation_id: Option<OrganisationId>,
    /// When it was accepted.
    pub accepted_at: DateTime<Utc>,
    /// When the decision is due.
    pub decide_due_at: DateTime<Utc>,
    /// Version of the case.
    pub version: i64,
}

impl TriageCaseView {
    /// The view of a case.
    pub fn of(
        case: TriageCase,
        proposal: CaseProposal,
        decision: Option<Decision>,
        orders: Vec<Order>,
    ) -> Self {
        Self {
            case_id: case.case_id,
            matter_id: case.matter_id,
            region: case.region,
            acceptance_number: case.acceptance_number,
            class: case.class,
            persons_involved: case.persons_involved,
            amount_fen: case.amount_fen,
            accepted_at: case.accepted_at,
            decide_due_at: case.decide_due_at,
            colour: case.colour,
            state: case.state,
            version: case.version,
            proposal: proposal.into(),
            decision: decision.map(DecisionView::from),
            orders: orders.into_iter().map(OrderView::from).collect(),
            history: CaseHistory::default(),
        }
    }
}

impl From<CaseProposal> for ProposalView {
    fn from(proposal: CaseProposal) -> Self {
        Self {
            id: proposal.proposal_id,
            type_code: proposal.type_code,
            route: proposal.route,
            track: proposal.track,
            colour: proposal.colour,
            obstacles: proposal.obstacles,
            reasons: proposal.reasons,
            scores: proposal.scores,
            policy_version: proposal.policy_version,
            proposed_at: proposal.proposed_at,
        }
    }
}

impl From<Decision> for DecisionView {
    fn from(decision: Decision) -> Self {
        Self {
            type_code: decision.type_code,
            route: decision.route,
            track: decision.track,
            colour: decision.colour,
            as_proposed: decision.as_proposed,
            reason: decision.reason,
            decided_by: decision.decided_by,
            decided_at: decision.decided_at,
        }
    }
}

impl From<Order> for OrderView {
    fn from(order: Order) -> Self {
        Self {
            id: order.id,
            case_id: order.case_id,
            region: order.region,
            organisation_id: order.organisation_id,
            mode: order.mode,
            route: order.route,
            type_code: order.type_code,
            track: order.track,
            due_on: order.due_on,
            due_at: order.due_at,
            due_provisional: order.due_provisional,
            sign_due_at: order.sign_due_at,
            state: order.state,
            issued_by: order.issued_by,
            issued_at: order.issued_at,
            signed_by: order.signed_by,
            signed_at: order.signed_at,
            return_until: order.return_until,
            work_begun_at: order.work_begun_at,
            follows: order.follows,
            from_organisation: order.from_organisation,
            reason: order.reason,
            note: order.note,
            version: order.version,
        }
    }
}

impl From<CaseFile> for TriageCaseItem {
    fn from((case, proposal, decision): CaseFile) -> Self {
        let decided = decision.is_some();
        let (type_code, route, track) = match decision {
            Some(decision) => (decision.type_code, decision.route, decision.track),
            None => (proposal.type_code, proposal.route, proposal.track),
        };
        Self {
            case_id: case.case_id,
            region: case.region,
            acceptance_number: case.acceptance_number,
            class: case.class,
            state: case.state,
            type_code,
            route,
            track,
            colour: case.colour,
            decided,
            organisation_id: case.organisation_id,
            accepted_at: case.accepted_at,
            decide_due_at: case.decide_due_at,
            version: case.version,
        }
    }
}
