//! Facts of evaluation 评价.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{CaseId, FollowUpId, RatingId},
    region::RegionCode,
};

/// A follow-up visit was planned 待回访 (transition 27).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FollowUpScheduled {
    /// The follow-up.
    pub follow_up_id: FollowUpId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// When it was planned.
    pub scheduled_at: DateTime<Utc>,
}

/// A follow-up visit was made 已回访.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FollowUpDone {
    /// The follow-up.
    pub follow_up_id: FollowUpId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Whether the person was satisfied; `None` when they could not be reached.
    pub satisfied: Option<bool>,
    /// When.
    pub done_at: DateTime<Utc>,
}

/// A person rated the handling 群众评价 (EV-02).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RatingGiven {
    /// The rating.
    pub rating_id: RatingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Score on the policy pack's scale.
    pub score: u8,
    /// When.
    pub given_at: DateTime<Utc>,
}

/// A case was closed with feedback to the person 办结 (transition 28; EV-01).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseClosed {
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// When.
    pub closed_at: DateTime<Utc>,
}

super::events! { Some(Service::Evaluation);
    FollowUpScheduled => "follow_up"."scheduled",
    FollowUpDone => "follow_up"."done",
    RatingGiven => "rating"."given",
    CaseClosed => "case"."closed",
}
