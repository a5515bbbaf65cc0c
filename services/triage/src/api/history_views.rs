//! What is kept of the past of a case.

use chrono::{DateTime, Utc};
use contracts::ids::{DispatchOrderId, OrganisationId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    risk_views::ColourChangeView, supervision_views::UrgeView, task_force_views::StudyView,
    views::DecisionView,
};
use crate::domain::{
    ColourChange, Decision, Feedback, OrderAct, OrderActKind, Return, ReturnState, Study, Urge,
};

/// What is kept of the past of a case.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct CaseHistory {
    /// Decisions that a later one replaced, the oldest first.
    pub past_decisions: Vec<DecisionView>,
    /// Returns that were asked for, the oldest first.
    pub returns: Vec<ReturnView>,
    /// Urgings, the oldest first.
    pub urges: Vec<UrgeView>,
    /// Studies, the oldest first.
    pub studies: Vec<StudyView>,
    /// What organs told of it, the oldest first.
    pub feedbacks: Vec<FeedbackView>,
    /// What changed the time of its orders on routes without mediation, the oldest first.
    pub order_acts: Vec<OrderActView>,
    /// Changes of the risk colour after the proposal, but for those of decisions, the oldest first.
    pub colour_changes: Vec<ColourChangeView>,
}

/// A return of an order 退回.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnView {
    /// The order.
    pub order_id: DispatchOrderId,
    /// Which return of the order it is, from 1.
    pub number: i32,
    /// Who asks.
    pub organisation_id: OrganisationId,
    /// Its state.
    pub state: ReturnState,
    /// Reason code of the policy pack.
    pub reason: String,
    /// The reason in words.
    pub explanation: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When the sender's answer is due.
    pub decide_due_at: DateTime<Utc>,
    /// Who answered.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why, when it was rejected.
    pub answer: Option<String>,
}

impl CaseHistory {
    /// The view of what is kept.
    pub fn of(
        past_decisions: Vec<Decision>,
        returns: Vec<Return>,
        urges: Vec<Urge>,
        studies: Vec<Study>,
        colour_changes: Vec<ColourChange>,
        feedbacks: Vec<Feedback>,
        order_acts: Vec<OrderAct>,
    ) -> Self {
        Self {
            past_decisions: past_decisions.into_iter().map(Into::into).collect(),
            returns: returns.into_iter().map(Into::into).collect(),
            urges: urges.into_iter().map(Into::into).collect(),
            studies: studies.into_iter().map(Into::into).collect(),
            feedbacks: feedbacks.into_iter().map(Into::into).collect(),
            order_acts: order_acts.into_iter().map(Into::into).collect(),
            colour_changes: colour_changes.into_iter().map(Into::into).collect(),
        }
    }
}

/// What an organ told of a case 反馈.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackView {
    /// The order.
    pub order_id: DispatchOrderId,
    /// Who told it.
    pub organisation_id: OrganisationId,
    /// Outcome code of the policy pack.
    pub outcome: String,
    /// In words.
    pub note: String,
    /// Which person.
    pub told_by: String,
    /// When.
    pub told_at: DateTime<Utc>,
}

impl From<Feedback> for FeedbackView {
    fn from(feedback: Feedback) -> Self {
        Self {
            order_id: feedback.order_id,
            organisation_id: feedback.organisation_id,
            outcome: feedback.outcome,
            note: feedback.note,
            told_by: feedback.told_by,
            told_at: feedback.told_at,
        }
    }
}

/// What changed the time of an order: a longer time 延长, finished work sent back 返工.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderActView {
    /// The order.
    pub order_id: DispatchOrderId,
    /// What was done.
    pub kind: OrderActKind,
    /// Why.
    pub reason: String,
    /// When the organ has to be done since.
    pub due_at: DateTime<Utc>,
    /// Who did it.
    pub done_by: String,
    /// When.
    pub done_at: DateTime<Utc>,
}

impl From<OrderAct> for OrderActView {
    fn from(act: OrderAct) -> Self {
        Self {
            order_id: act.order_id,
            kind: act.kind,
            reason: act.reason,
            due_at: act.due_at,
            done_by: act.done_by,
            done_at: act.done_at,
        }
    }
}

impl From<Return> for ReturnView {
    fn from(asked: Return) -> Self {
        Self {
            order_id: asked.order_id,
            number: asked.number,
            organisation_id: asked.organisation_id,
            state: asked.state,
            reason: asked.reason,
            explanation: asked.explanation,
            asked_by: asked.asked_by,
            asked_at: asked.asked_at,
            decide_due_at: asked.decide_due_at,
            decided_by: asked.decided_by,
            decided_at: asked.decided_at,
            answer: asked.answer,
        }
    }
}
