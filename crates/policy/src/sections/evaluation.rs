//! `evaluation.yaml`: rating scale, follow-up plans and questions, closing.

use contracts::events::triage::RiskColour;
use serde::Deserialize;

use super::mediation::covers;
use crate::Text;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// The rating scale (EV-02).
    pub rating: RatingScale,
    /// Follow-up visits (EV-03).
    pub followup: FollowUp,
    /// Closing a case (EV-01).
    pub closing: Closing,
}

/// The rating scale.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatingScale {
    /// The scores, ascending.
    pub scores: Vec<Score>,
    /// Lowest score that counts as satisfied.
    pub satisfied_from: u8,
}

/// A score.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Its number.
    pub value: u8,
    /// Name people see.
    pub name: Text,
}

/// Follow-up visits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// Plans; the first that fits a case is used, the last fits all.
    pub plans: Vec<FollowUpPlan>,
    /// Questions asked.
    pub questions: Vec<Question>,
    /// The mediator of a case may not make its visit.
    pub mediator_excluded: bool,
    /// Tries before a person counts as not reached.
    pub max_tries: u32,
}

/// When visits are made, in days after the work ended.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUpPlan {
    /// Stable id.
    pub id: String,
    /// Colours it is for; empty = all.
    #[serde(default)]
    pub colours: Vec<RiskColour>,
    /// Types it is for; empty = all.
    #[serde(default)]
    pub types: Vec<String>,
    /// Days after the end of the work, ascending.
    pub after_days: Vec<u32>,
}

/// A question of a follow-up visit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable code.
    pub code: String,
    /// The question.
    pub text: Text,
    /// The kind of its answer.
    pub answer: AnswerKind,
}

/// The kind of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// Yes or no.
    YesNo,
    /// A score of the rating scale.
    Score,
    /// Free text.
    Text,
}

/// Closing a case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Feedback to the person is needed.
    pub feedback_required: bool,
    /// The first visit of the plan must be done or tried often enough.
    pub first_visit_required: bool,
    /// The person must have been asked for a rating; it need not have been given.
    pub rating_asked_required: bool,
}

impl Evaluation {
    /// The plan for a case.
    #[must_use]
    pub fn plan(&self, type_code: &str, colour: RiskColour) -> Option<&FollowUpPlan> {
        self.followup.plans.iter().find(|plan| {
            (plan.colours.is_empty() || plan.colours.contains(&colour))
                && (plan.types.is_empty() || covers(&plan.types, type_code))
        })
    }
}

impl RatingScale {
    /// Whether a score is on the scale.
    #[must_use]
    pub fn contains(&self, score: u8) -> bool {
        self.scores.iter().any(|known| known.value == score)
    }

    /// Whether a score counts as satisfied.
    #[must_use]
    pub fn satisfied(&self, score: u8) -> bool {
        self.contains(score) && score >= self.satisfied_from
    }
}
