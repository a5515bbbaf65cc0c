//! Facts of petitions 信访.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    events::events,
    ids::{CaseId, MatterId},
    region::RegionCode,
    text_enum,
};

text_enum! {
    /// What a petition is (信访工作条例 31).
    pub enum PetitionKind {
        /// 建议意见.
        Suggestion => "suggestion",
        /// 检举控告.
        Report => "report",
        /// 申诉求决.
        Claim => "claim",
    }
}

text_enum! {
    /// What of a petition is answered (信访工作条例 34-36).
    pub enum PetitionStage {
        /// 办理.
        Handling => "handling",
        /// 复查.
        Review => "review",
        /// 复核.
        ReReview => "re_review",
    }
}

/// A person decided what a petition is and which way it takes (信访工作条例 31).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PetitionDecided {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Suggestion, report or claim.
    pub kind: PetitionKind,
    /// A code of the policy pack's ways.
    pub way: String,
    /// When its answer is due; `None` when it goes on in another procedure.
    pub due_at: Option<DateTime<Utc>>,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// The handling of a petition was lengthened with approval (信访工作条例 34).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PetitionExtended {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When the answer is due now.
    pub due_at: DateTime<Utc>,
    /// When it was lengthened.
    pub extended_at: DateTime<Utc>,
}

/// A petition, its review or its re-review was answered (信访工作条例 34-36).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PetitionAnswered {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// What was answered.
    pub stage: PetitionStage,
    /// When.
    pub answered_at: DateTime<Utc>,
}

/// The person received the written opinion; their time to ask for the next review begins (信访工作条例 35, 36).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PetitionServed {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// What was served.
    pub stage: PetitionStage,
    /// When the person received it.
    pub served_at: DateTime<Utc>,
    /// A review asked for before this instant is in time.
    pub due_at: DateTime<Utc>,
}

/// Nothing more is done on a petition here: it was guided to another procedure, the time for a review passed, or it was
/// answered on the re-review (信访工作条例 31, 35, 36).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PetitionEnded {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// How many matters of the case are still handled.
    pub remaining: u32,
    /// When.
    pub ended_at: DateTime<Utc>,
}

/// The person asked for a review or re-review of a petition (信访工作条例 35, 36).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PetitionReviewAsked {
    /// The matter.
    pub matter_id: MatterId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// What was asked for.
    pub stage: PetitionStage,
    /// When the answer is due.
    pub due_at: DateTime<Utc>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
}

events! { Some(Service::Intake);
    PetitionDecided => "petition"."decided",
    PetitionExtended => "petition"."extended",
    PetitionAnswered => "petition"."answered",
    PetitionServed => "petition"."served",
    PetitionEnded => "petition"."ended",
    PetitionReviewAsked => "petition"."review_asked",
}
