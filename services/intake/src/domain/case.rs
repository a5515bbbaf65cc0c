//! How a case stands in public: a projection of every service's facts, for the person who brought it.

use chrono::{DateTime, Utc};
use contracts::text_enum;

text_enum! {
    /// Public status of a case.
    pub enum CaseStatus {
        /// 已登记.
        Registered => "registered",
        /// 待补正.
        Correcting => "correcting",
        /// 已答复: settled on the spot.
        Answered => "answered",
        /// 不予受理.
        NotAccepted => "not_accepted",
        /// 逾期未补正.
        Lapsed => "lapsed",
        /// 已受理.
        Accepted => "accepted",
        /// 已分流.
        Triaged => "triaged",
        /// 已交办.
        Dispatched => "dispatched",
        /// 已签收.
        Signed => "signed",
        /// 征询意愿.
        ConsentPending => "consent_pending",
        /// 调解中.
        Mediating => "mediating",
        /// 调解中止.
        Paused => "paused",
        /// 达成协议.
        Agreed => "agreed",
        /// 调解不成.
        Failed => "failed",
        /// 一方拒绝调解.
        Refused => "refused",
        /// 撤回.
        Withdrawn => "withdrawn",
        /// 自行和解.
        SelfSettled => "self_settled",
        /// 其他途径办理中.
        OtherRoute => "other_route",
        /// 司法确认中.
        Confirming => "confirming",
        /// 履行中.
        Performing => "performing",
        /// 已履行.
        Performed => "performed",
        /// 未履行.
        Defaulted => "defaulted",
        /// 待回访.
        FollowUp => "follow_up",
        /// 已并案: goes on in another case.
        Merged => "merged",
        /// 已办结.
        Closed => "closed",
        /// 已归档.
        Archived => "archived",
    }
}

impl CaseStatus {
    /// Its name in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Registered => ("已登记", "Registered"),
            Self::Correcting => ("待补正", "To be completed by the person"),
            Self::Answered => ("已答复", "Answered on the spot"),
            Self::NotAccepted => ("不予受理", "Not accepted"),
            Self::Lapsed => ("逾期未补正", "Lapsed: not completed in time"),
            Self::Accepted => ("已受理", "Accepted"),
            Self::Triaged => ("已分流", "Triaged"),
            Self::Dispatched => ("已交办", "Dispatched"),
            Self::Signed => ("承办单位已签收", "Signed for by the organisation"),
            Self::ConsentPending => ("征询调解意愿", "Parties are asked for consent"),
            Self::Mediating => ("调解中", "In mediation"),
            Self::Paused => ("调解中止", "Mediation suspended"),
            Self::Agreed => ("达成协议", "Agreement reached"),
            Self::Failed => ("调解不成", "Mediation failed"),
            Self::Refused => ("一方拒绝调解", "A party refused mediation"),
            Self::Withdrawn => ("已撤回", "Withdrawn"),
            Self::SelfSettled => ("自行和解", "Settled between the parties"),
            Self::OtherRoute => ("其他途径办理中", "Goes another way"),
            Self::Confirming => ("司法确认中", "In judicial confirmation"),
            Self::Performing => ("履行中", "Being performed"),
            Self::Performed => ("已履行", "Performed"),
            Self::Defaulted => ("未履行", "Not performed"),
            Self::FollowUp => ("待回访", "Follow-up planned"),
            Self::Merged => ("已并案", "Merged into another case"),
            Self::Closed => ("已办结", "Closed"),
            Self::Archived => ("已归档", "Archived"),
        }
    }

    /// The phase of the case's life it belongs to. A case goes back to an earlier phase only when it is opened again.
    fn phase(self) -> i64 {
        match self {
            Self::Registered
            | Self::Correcting
            | Self::Answered
            | Self::NotAccepted
            | Self::Lapsed
            | Self::Accepted => 1,
            Self::Triaged | Self::Dispatched | Self::Signed => 2,
            Self::ConsentPending | Self::Mediating | Self::Paused => 3,
            Self::Agreed | Self::Confirming | Self::Performing => 4,
            Self::Failed
            | Self::Refused
            | Self::Withdrawn
            | Self::SelfSettled
            | Self::OtherRoute
            | Self::Performed
            | Self::Defaulted => 5,
            Self::FollowUp | Self::Merged => 6,
            Self::Closed => 7,
            Self::Archived => 8,
        }
    }

    /// Its place in the life of a case when reached at `at`: by phase, in a phase by time, at one time by declaration.
    /// The status of a case is the one with the highest place, in whatever order the facts arrive.
    #[must_use]
    pub fn order(self, at: DateTime<Utc>) -> i64 {
        const PHASE: i64 = 1_000_000_000_000_000_000;
        const MICROSECOND: i64 = 100;
        let rank = Self::ALL.iter().position(|status| *status == self);
        let rank = rank.and_then(|rank| i64::try_from(rank).ok());
        // Room until the year 2286.
        let time = at.timestamp_micros().clamp(0, PHASE / MICROSECOND - 1);
        self.phase() * PHASE + time * MICROSECOND + rank.unwrap_or_default()
    }
}
