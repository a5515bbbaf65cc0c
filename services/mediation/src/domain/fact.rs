//! The facts of a case that commands leave.

use chassis::{db::Tx, http::Problem};
use contracts::{
    events::mediation::{
        AgreementAmended, AgreementDrafted, AgreementEffective, AgreementSignedBy, AgreementVoided,
        FactsAgreed, MediationConsented, MediationEnded, MediationExtended, MediationOpened,
        MediationPaused, MediationRefused, MediationResumed, MediationStarted,
        MediationTransferred, MediatorAnswered, MediatorsChosen, MediatorsReplaced,
        ParticipantInvited, PerformanceDefaulted, PerformanceFulfilled, PoliceReported,
        SessionHeld, ShamCleared, ShamSuspected, SupportReferred,
    },
    ids::CaseId,
};

/// Declares the facts and how each leaves.
macro_rules! facts {
    ($($name:ident($event:ident)),+ $(,)?) => {
        /// A fact of a case, to be published when the command commits.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Fact {
            $(#[doc = concat!("[`", stringify!($event), "`].")] $name($event)),+
        }

        $(impl From<$event> for Fact {
            fn from(event: $event) -> Self {
                Self::$name(event)
            }
        })+

        impl Fact {
            fn publish(&self, tx: &mut Tx, case_id: CaseId) -> Result<(), Problem> {
                match self {
                    $(Self::$name(event) => tx.publish(case_id, event)),+
                }
            }
        }
    };
}

facts! {
    Voided(AgreementVoided),
    Amended(AgreementAmended),
    SupportReferred(SupportReferred),
    PoliceReported(PoliceReported),
    ShamCleared(ShamCleared),
    ShamSuspected(ShamSuspected),
    Transferred(MediationTransferred),
    FactsAgreed(FactsAgreed),
    Extended(MediationExtended),
    Resumed(MediationResumed),
    Paused(MediationPaused),
    ParticipantInvited(ParticipantInvited),
    MediatorsReplaced(MediatorsReplaced),
    MediatorAnswered(MediatorAnswered),
    MediatorsChosen(MediatorsChosen),
    Opened(MediationOpened),
    Consented(MediationConsented),
    Refused(MediationRefused),
    Started(MediationStarted),
    SessionHeld(SessionHeld),
    Ended(MediationEnded),
    Drafted(AgreementDrafted),
    SignedBy(AgreementSignedBy),
    Effective(AgreementEffective),
    Fulfilled(PerformanceFulfilled),
    Defaulted(PerformanceDefaulted),
}

impl Fact {
    /// Publishes facts of a case, in their order.
    ///
    /// # Errors
    /// `internal` when one cannot be written as JSON.
    pub fn publish_all(facts: &[Self], tx: &mut Tx, case_id: CaseId) -> Result<(), Problem> {
        facts.iter().try_for_each(|fact| fact.publish(tx, case_id))
    }
}
