//! Why a command is refused.

use chassis::http::Problem;
use contracts::problems::{common, evaluation as codes, mediation};

/// Why a command is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The table has no such transition from this state.
    NotAllowed(&'static str),
    /// The work on the case has not ended.
    NotEnded,
    /// Not a party of the case.
    NotAParty,
    /// The party has rated already.
    AlreadyRated,
    /// The score is not on the scale.
    ScoreOutOfRange,
    /// The person was reached; whether it is satisfied is missing.
    AnswerMissing,
    /// The person was not reached; there are answers all the same.
    AnswersOfNobody,
    /// The visitor mediates the case.
    SamePerson,
    /// The person was not told the result.
    FeedbackMissing,
    /// The first visit is not done.
    FollowUpOutstanding,
    /// The person was not asked for a rating.
    RatingNotAsked,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAllowed(state) => Self::new(&common::TRANSITION_NOT_ALLOWED).detail(
                format!("当前状态为 {state}"),
                format!("The current state is {state}"),
            ),
            Refusal::NotEnded => Self::new(&codes::CASE_NOT_ENDED),
            Refusal::NotAParty => Self::new(&mediation::UNKNOWN_PARTY).at("/party_id"),
            Refusal::AlreadyRated => Self::new(&codes::ALREADY_RATED),
            Refusal::ScoreOutOfRange => Self::new(&codes::SCORE_OUT_OF_RANGE).at("/score"),
            Refusal::AnswerMissing => Self::new(&common::INVALID_BODY).at("/satisfied").detail(
                "已联系上当事人时须写明是否满意",
                "Whether a person who was reached is satisfied is required",
            ),
            Refusal::AnswersOfNobody => Self::new(&common::INVALID_BODY).at("/reached").detail(
                "未联系上当事人时不得填写其答复",
                "A person who was not reached has given no answers",
            ),
            Refusal::SamePerson => Self::new(&codes::SAME_PERSON),
            Refusal::FeedbackMissing => Self::new(&common::TEXT_REQUIRED).at("/feedback"),
            Refusal::FollowUpOutstanding => Self::new(&codes::FOLLOW_UP_OUTSTANDING),
            Refusal::RatingNotAsked => Self::new(&codes::RATING_NOT_ASKED).at("/rating_asked"),
        }
    }
}
