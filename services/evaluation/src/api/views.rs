//! What the operations answer.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::triage::RiskColour,
    ids::{CaseId, FollowUpId, PartyId, RatingId},
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    case::{Case, CaseState},
    follow_up::{FollowUp, FollowUpState},
    rating::Rating,
};

/// A follow-up visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowUpView {
    /// The follow-up.
    pub id: FollowUpId,
    /// Where it stands.
    pub state: FollowUpState,
    /// The case.
    pub case_id: CaseId,
    /// Where the case happened.
    pub region: RegionCode,
    /// Place in the plan, from 1.
    pub visit: i16,
    /// Last day, in China.
    pub due_on: NaiveDate,
    /// Tries so far, reached or not.
    pub tries: i16,
    /// Whether the person was reached in the end.
    pub reached: Option<bool>,
    /// Whether the person is satisfied.
    pub satisfied: Option<bool>,
    /// Whether what was agreed is being performed.
    pub performance_ok: Option<bool>,
    /// Whether there are signs that the dispute flares up again; only staff see it.
    pub escalation_signs: Option<bool>,
    /// The visitor's note; only staff see it.
    pub note: Option<String>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// Version, as in `ETag`.
    pub version: i64,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
}

impl FollowUpView {
    /// The view for staff, or for a party.
    pub fn of(follow_up: FollowUp, staff: bool) -> Self {
        Self {
            id: follow_up.id,
            state: follow_up.state,
            case_id: follow_up.case_id,
            region: follow_up.region,
            visit: follow_up.visit,
            due_on: follow_up.due_on,
            tries: follow_up.tries,
            reached: follow_up.reached,
            satisfied: follow_up.satisfied,
            performance_ok: follow_up.performance_ok,
            escalation_signs: follow_up.escalation_signs.filter(|_| staff),
            note: follow_up.note.filter(|_| staff),
            done_at: follow_up.done_at,
            version: follow_up.version,
            created_at: follow_up.created_at,
        }
    }
}

/// A rating.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingView {
    /// The rating.
    pub id: RatingId,
    /// The case.
    pub case_id: CaseId,
    /// The party.
    pub party_id: PartyId,
    /// Score on the policy pack's scale.
    pub score: i16,
    /// What the party said.
    pub comment: Option<String>,
    /// Whether the party gave it itself; otherwise an evaluator recorded it.
    pub own: bool,
    /// When.
    pub given_at: DateTime<Utc>,
}

impl From<Rating> for RatingView {
    fn from(rating: Rating) -> Self {
        Self {
            id: rating.id,
            case_id: rating.case_id,
            party_id: rating.party_id,
            score: rating.score,
            comment: rating.comment,
            own: rating.own,
            given_at: rating.given_at,
        }
    }
}

/// A case in evaluation.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvaluatedCaseView {
    /// The case.
    pub case_id: CaseId,
    /// Where it stands here.
    pub state: CaseState,
    /// Where it happened.
    pub region: RegionCode,
    /// Dispute type code.
    pub type_code: Option<String>,
    /// Risk colour; only staff see it.
    pub colour: Option<RiskColour>,
    /// When the work on it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// What the person was told at the end.
    pub feedback: Option<String>,
    /// How.
    pub feedback_way: Option<String>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The visits, in the order of the plan.
    pub follow_ups: Vec<FollowUpView>,
    /// The ratings; a party sees its own.
    pub ratings: Vec<RatingView>,
    /// Version, as in `ETag`.
    pub version: i64,
}

impl EvaluatedCaseView {
    /// The view for staff, or for a party.
    pub fn of(
        case: Case,
        follow_ups: Vec<FollowUp>,
        ratings: Vec<Rating>,
        party: Option<PartyId>,
    ) -> Self {
        let staff = party.is_none();
        let seen = |rating: &Rating| party.is_none_or(|own| own == rating.party_id);
        let visits = follow_ups.into_iter();
        Self {
            case_id: case.id,
            state: case.state,
            region: case.region,
            type_code: case.type_code,
            colour: case.colour.filter(|_| staff),
            ended_at: case.ended_at,
            feedback: case.feedback,
            feedback_way: case.feedback_way,
            closed_at: case.closed_at,
            follow_ups: visits.map(|visit| FollowUpView::of(visit, staff)).collect(),
            ratings: ratings
                .into_iter()
                .filter(seen)
                .map(RatingView::from)
                .collect(),
            version: case.version,
        }
    }
}
