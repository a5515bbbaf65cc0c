//! What the operations answer with.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    border::HandsOver,
    ids::{CaseId, RequestBatchId, RequestId},
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Note, Request, RequestState, Step};

/// A request between two nodes 层级间文书.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestView {
    /// The request; the same at both nodes.
    pub id: RequestId,
    /// Kind code of the policy pack.
    pub kind: String,
    /// Whether this node sent it.
    pub outgoing: bool,
    /// The case.
    pub case_id: Option<CaseId>,
    /// The sending node.
    pub from_node: RegionCode,
    /// The receiving node.
    pub to_node: RegionCode,
    /// What its signature does to the case.
    pub hands_over: HandsOver,
    /// Why.
    pub reason: Option<String>,
    /// The values of its kind.
    #[schema(value_type = Object)]
    pub values: serde_json::Value,
    /// The figures it carries, by field, as the sender's reporting counted them; null when its kind carries none.
    #[schema(value_type = Option<Object>)]
    pub figures: Option<serde_json::Value>,
    /// Last day for it.
    pub due_on: Option<NaiveDate>,
    /// Whether a dossier came along that is not opened yet.
    pub sealed: bool,
    /// Its state, as far as this node knows.
    pub state: RequestState,
    /// When it was sent, by the sender's clock.
    pub sent_at: DateTime<Utc>,
    /// When it arrived, by the receiver's clock.
    pub delivered_at: Option<DateTime<Utc>>,
    /// How long it was on its way, in seconds.
    pub network_delay_seconds: Option<i64>,
    /// When it was signed for.
    pub signed_at: Option<DateTime<Utc>>,
    /// When it was done, refused or recalled.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who of this node sent it or signed for it.
    pub handled_by: Option<String>,
    /// When the sender asked for it back; recalled only when the receiver confirms.
    pub recall_asked_at: Option<DateTime<Utc>>,
    /// How often rework was asked for.
    pub reworks: i32,
    /// When the signature is due: the receiver's time begins with the delivery, the sender's with the sending.
    pub sign_due_at: Option<DateTime<Utc>>,
    /// When the end is due.
    pub done_due_at: Option<DateTime<Utc>>,
    /// Until when it may be refused; null when it may not.
    pub return_until: Option<DateTime<Utc>>,
    /// As in the `ETag`.
    pub version: i64,
    /// Every step of either side; in a list, none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepView>,
}

/// Requests sent to several nodes at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestBatch {
    /// What they have in common: `GET /requests?batch_id=`.
    pub id: RequestBatchId,
    /// One a node.
    pub requests: Vec<RequestView>,
}

/// A step of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    /// The step.
    pub step: Step,
    /// The node that took it.
    pub by_node: RegionCode,
    /// Its number among that node's steps.
    pub number: i32,
    /// Why, or what came of it.
    pub text: Option<String>,
    /// When it was taken, by that node's clock.
    pub taken_at: DateTime<Utc>,
    /// When this node learnt of it.
    pub noted_at: DateTime<Utc>,
    /// How long it was on its way, in seconds.
    pub network_delay_seconds: i64,
}

impl From<Request> for RequestView {
    fn from(request: Request) -> Self {
        let delay = request.network_delay();
        Self {
            id: request.id,
            kind: request.kind,
            outgoing: request.outgoing,
            case_id: request.case_id,
            from_node: request.from_node,
            to_node: request.to_node,
            hands_over: request.hands_over,
            reason: request.reason,
            values: request.details,
            figures: request.figures,
            due_on: request.due_on,
            sealed: request.sealed.is_some(),
            state: request.state,
            sent_at: request.sent_at,
            delivered_at: request.delivered_at,
            network_delay_seconds: delay.map(|delay| delay.num_seconds()),
            signed_at: request.signed_at,
            ended_at: request.ended_at,
            handled_by: request.handled_by,
            recall_asked_at: request.recall_asked_at,
            reworks: request.reworks,
            sign_due_at: request.sign_due_at,
            done_due_at: request.done_due_at,
            return_until: request.return_until,
            version: request.version,
            steps: Vec::new(),
        }
    }
}

impl RequestView {
    /// With its steps.
    #[must_use]
    pub fn with_steps(mut self, steps: Vec<Note>) -> Self {
        self.steps = steps.into_iter().map(StepView::from).collect();
        self
    }
}

impl From<Note> for StepView {
    fn from(note: Note) -> Self {
        let delay = note.noted_at - note.taken_at;
        Self {
            step: note.step,
            by_node: note.by_node,
            number: note.number,
            text: note.body,
            taken_at: note.taken_at,
            noted_at: note.noted_at,
            network_delay_seconds: delay.num_seconds().max(0),
        }
    }
}

/// Who answers for a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountabilityView {
    /// The case.
    pub case_id: CaseId,
    /// The node that answers for it, as far as this node knows.
    pub node: RegionCode,
    /// Since when; null when it was never handed over.
    pub since: Option<DateTime<Utc>>,
    /// The request by which it was handed over.
    pub request_id: Option<RequestId>,
    /// Whether a hand-over waits for its signature.
    pub handover_under_way: bool,
}
