//! How the work on a case ended, by mediation or another way.

use contracts::{events::mediation::MediationOutcome, text_enum};

text_enum! {
    /// How the work on a case ended.
    pub enum Outcome {
        /// 达成协议.
        Agreed => "agreed",
        /// 调解不成.
        Failed => "failed",
        /// 一方拒绝.
        Refused => "refused",
        /// 撤回.
        Withdrawn => "withdrawn",
        /// 自行和解.
        SelfSettled => "self_settled",
        /// 其他途径化解: finished and settled on a route without mediation (TR-04).
        OtherSettled => "other_settled",
        /// 其他途径办结: finished on a route without mediation, not settled.
        OtherEnded => "other_ended",
    }
}

impl Outcome {
    /// Whether the dispute counts as settled 化解.
    #[must_use]
    pub const fn settled(self) -> bool {
        matches!(self, Self::Agreed | Self::SelfSettled | Self::OtherSettled)
    }

    /// The end of a route without mediation.
    #[must_use]
    pub const fn of_other_way(settled: bool) -> Self {
        if settled {
            Self::OtherSettled
        } else {
            Self::OtherEnded
        }
    }

    /// Its name, Chinese and English.
    #[must_use]
    pub const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Agreed => ("达成协议", "Agreed"),
            Self::Failed => ("调解不成", "Failed"),
            Self::Refused => ("一方拒绝", "Refused"),
            Self::Withdrawn => ("撤回", "Withdrawn"),
            Self::SelfSettled => ("自行和解", "Settled by the parties themselves"),
            Self::OtherSettled => ("其他途径化解", "Settled another way than by mediation"),
            Self::OtherEnded => (
                "其他途径办结、未化解",
                "Finished another way than by mediation, not settled",
            ),
        }
    }
}

impl From<MediationOutcome> for Outcome {
    fn from(outcome: MediationOutcome) -> Self {
        match outcome {
            MediationOutcome::Agreed => Self::Agreed,
            MediationOutcome::Failed => Self::Failed,
            MediationOutcome::Refused => Self::Refused,
            MediationOutcome::Withdrawn => Self::Withdrawn,
            MediationOutcome::SelfSettled => Self::SelfSettled,
        }
    }
}
