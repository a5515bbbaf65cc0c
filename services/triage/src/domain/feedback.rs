//! What an organ tells of a case on a route without mediation 反馈 (TR-04): it took it up, it finished it, or it
//! gives it back.

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::{
        DispatchCompleted, DispatchFedBack, DispatchMode, DispatchReturned, FeedbackEffect,
    },
    ids::{CaseId, DispatchOrderId, FeedbackId, OrganisationId},
    problems::triage as problems,
};
use diesel::{Insertable, Queryable, Selectable};
use policy::PolicyPack;

use super::{CaseState, Order, OrderState, Refusal, TriageCase, refusal::text};
use crate::schema::feedbacks;

/// What an organ told.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = feedbacks)]
pub struct Feedback {
    /// The feedback.
    pub id: FeedbackId,
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Who told it.
    pub organisation_id: OrganisationId,
    /// Outcome code of the policy pack.
    pub outcome: String,
    /// In words.
    pub note: String,
    /// Subject of who told it.
    pub told_by: String,
    /// When.
    pub told_at: DateTime<Utc>,
}

/// What becomes of the case.
#[derive(Debug, Clone, PartialEq)]
pub enum Then {
    /// The organ took it up; the clock of the route runs from now.
    TakenUp,
    /// It goes on as before.
    GoesOn,
    /// It is finished.
    Ended(DispatchCompleted),
    /// It waits for its next order.
    Returned(DispatchReturned),
    /// It waits for its next decision or order.
    Unsettled,
}

/// The case and the order after a feedback, the feedback, its fact, and what becomes of the case.
pub type Told = (TriageCase, Order, Feedback, DispatchFedBack, Then);

impl Order {
    /// Whether its receiver has to tell what comes of it: no mediation tells it, and the way of handing over asks for it.
    #[must_use]
    pub fn owes_feedback(&self, policy: &PolicyPack) -> bool {
        let mode = policy.triage().file().dispatch_mode(self.mode);
        let owes = mode.is_some_and(|mode| {
            mode.accountable && (mode.feedback_required || mode.report_required)
        });
        owes && !self.mediated(policy)
    }

    pub(super) fn mediated(&self, policy: &PolicyPack) -> bool {
        policy
            .routes()
            .get(&self.route)
            .is_none_or(|route| route.mediated)
    }

    /// The receiving organ tells what came of the case.
    ///
    /// # Errors
    /// A mediated route, an order to assist or not in force, an unknown outcome, nothing in words; an order that cannot be
    /// given back.
    pub fn give_feedback(
        &self,
        id: FeedbackId,
        case: &TriageCase,
        (outcome, note): (&str, &str),
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Told, Refusal> {
        if self.mediated(policy) {
            return Err(Refusal::Code(&problems::ROUTE_MEDIATED));
        }
        if !self.mode_answers(policy) {
            return Err(Refusal::Code(&problems::NOT_ACCOUNTABLE));
        }
        let known = policy.routes().outcome(outcome);
        let known = known.ok_or(Refusal::Field(&problems::UNKNOWN_OUTCOME, "/outcome"))?;
        let effect = known.then;
        let (as_order, as_case) = match effect {
            FeedbackEffect::GoesOn => (OrderState::Signed, CaseState::Signed),
            FeedbackEffect::Ends => (OrderState::Completed, CaseState::Completed),
            FeedbackEffect::Returns => (OrderState::Returned, CaseState::Triaged),
            FeedbackEffect::Unsettled => (OrderState::Completed, CaseState::Triaged),
        };
        let mut order = self.step("give_feedback", as_order, now)?;
        let mut case = case.step("give_feedback", as_case, now)?;
        let feedback = Feedback {
            id,
            order_id: self.id,
            case_id: self.case_id,
            organisation_id: self.organisation_id,
            outcome: outcome.to_owned(),
            note: text(note, "/note", policy)?,
            told_by: by.to_owned(),
            told_at: now,
        };
        let then = match effect {
            FeedbackEffect::GoesOn if self.work_begun_at.is_some() => Then::GoesOn,
            FeedbackEffect::GoesOn => {
                order.work_begun_at = Some(now);
                Then::TakenUp
            }
            FeedbackEffect::Ends => {
                order.work_ended_at = Some(now);
                Then::Ended(DispatchCompleted {
                    order_id: self.id,
                    case_id: self.case_id,
                    region: self.region,
                    organisation_id: self.organisation_id,
                    route: self.route.clone(),
                    outcome: outcome.to_owned(),
                    settled: known.settles,
                    completed_at: now,
                })
            }
            FeedbackEffect::Unsettled => {
                order.work_ended_at = Some(now);
                (case.organisation_id, case.came_back) = (None, true);
                Then::Unsettled
            }
            FeedbackEffect::Returns => {
                self.check_returnable(policy)?;
                order.work_ended_at = Some(now);
                (case.organisation_id, case.came_back) = (None, true);
                case.disputes += 1;
                Then::Returned(DispatchReturned {
                    order_id: self.id,
                    case_id: self.case_id,
                    region: self.region,
                    organisation_id: self.organisation_id,
                    reason: outcome.to_owned(),
                    designation_required: case.must_be_designated(policy),
                    returned_at: now,
                })
            }
        };
        let event = DispatchFedBack {
            order_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            route: self.route.clone(),
            outcome: outcome.to_owned(),
            then: effect,
            told_at: now,
        };
        Ok((case, order, feedback, event, then))
    }

    /// Whether it may be given back (信访工作条例 23, 24).
    ///
    /// # Errors
    /// `designated-not-returnable`, `order-not-returnable`.
    pub(super) fn check_returnable(&self, policy: &PolicyPack) -> Result<(), Refusal> {
        if self.mode == DispatchMode::Designate {
            return Err(Refusal::Code(&problems::DESIGNATED_NOT_RETURNABLE));
        }
        let mode = policy.triage().file().dispatch_mode(self.mode);
        if mode.is_some_and(|mode| mode.returnable) {
            return Ok(());
        }
        Err(Refusal::Code(&problems::ORDER_NOT_RETURNABLE))
    }
}
