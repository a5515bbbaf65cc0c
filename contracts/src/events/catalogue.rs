//! Every kind of event, as data: for AsyncAPI, the schemas and the check that old samples still parse.

use utoipa::{
    PartialSchema,
    openapi::{RefOr, Schema},
};

use super::{
    Event, clock, effect, evaluation, federation, intake, judicial_confirmation, mediation,
    reporting, triage,
};
use crate::Service;

/// One kind of event.
pub struct CatalogueEntry {
    /// The publishing service; `None` = every service.
    pub service: Option<Service>,
    /// The object.
    pub object: &'static str,
    /// The fact.
    pub fact: &'static str,
    /// Name of the payload type.
    pub name: String,
    /// JSON Schema of the payload.
    pub schema: RefOr<Schema>,
    /// Schemas the payload refers to.
    pub components: Vec<(String, RefOr<Schema>)>,
    /// Whether a JSON value is a payload of this kind.
    pub parses: fn(serde_json::Value) -> Result<(), String>,
}

impl CatalogueEntry {
    /// The key of a kind: `matter.accepted`, or with the publisher in front when `service` is given.
    #[must_use]
    pub fn subject(&self, service: Service) -> String {
        format!("evt.{service}.{}.{}", self.object, self.fact)
    }

    fn of<E: Event>() -> Self {
        let mut components = Vec::new();
        E::schemas(&mut components);
        Self {
            service: E::SERVICE,
            object: E::OBJECT,
            fact: E::FACT,
            name: E::name().into_owned(),
            schema: <E as PartialSchema>::schema(),
            components,
            parses: |value| {
                serde_json::from_value::<E>(value)
                    .map(drop)
                    .map_err(|e| e.to_string())
            },
        }
    }
}

/// Every kind of event, service by service.
#[must_use]
pub fn catalogue() -> Vec<CatalogueEntry> {
    macro_rules! list { ($($ty:ty),+ $(,)?) => { vec![$(CatalogueEntry::of::<$ty>()),+] }; }
    list![
        intake::MatterRegistered,
        intake::MatterAccepted,
        intake::MatterDeclined,
        intake::MatterAnswered,
        intake::MatterCorrectionAsked,
        intake::MatterCorrected,
        intake::MatterLapsed,
        intake::CaseReopened,
        intake::CaseRecurred,
        intake::CaseMerged,
        intake::CaseSplit,
        intake::CasePartiesChanged,
        intake::MatterLinked,
        intake::MatterUnlinked,
        intake::CaseArchived,
        intake::PetitionDecided,
        intake::PetitionExtended,
        intake::PetitionAnswered,
        intake::PetitionServed,
        intake::PetitionEnded,
        intake::PetitionReviewAsked,
        intake::InquiryAsked,
        intake::InquiryAnswered,
        intake::InquiryRated,
        intake::AppointmentAsked,
        intake::AppointmentConfirmed,
        intake::AppointmentCancelled,
        intake::AppointmentEnded,
        intake::AttachmentAdded,
        intake::AttachmentRemoved,
        intake::NotificationFailed,
        intake::ScreeningRecorded,
        intake::ScreeningWrittenOff,
        triage::TriageProposed,
        triage::TriageDecided,
        triage::DispatchIssued,
        triage::DispatchSigned,
        triage::DispatchReturnAsked,
        triage::DispatchReturned,
        triage::DispatchReturnRejected,
        triage::DispatchRecalled,
        triage::DispatchHandedOver,
        triage::AssistAsked,
        triage::AssistSigned,
        triage::DispatchUrged,
        triage::SupervisionIssued,
        triage::SupervisionReplied,
        triage::SupervisionClosed,
        triage::ConsultationCalled,
        triage::ConsultationReportedIn,
        triage::ConsultationConcluded,
        triage::CaseStudied,
        triage::TaskForceFormed,
        triage::TaskForcePlanned,
        triage::TaskForceProgressed,
        triage::TaskForceUrged,
        triage::TaskForceDissolved,
        triage::RiskChanged,
        triage::DispatchFedBack,
        triage::DispatchCompleted,
        triage::DispatchReworked,
        triage::DispatchExtended,
        mediation::OrganisationRegistered,
        mediation::MediatorRegistered,
        mediation::MediationOpened,
        mediation::MediationConsented,
        mediation::MediationRefused,
        mediation::MediationStarted,
        mediation::SessionHeld,
        mediation::MediationEnded,
        mediation::AgreementDrafted,
        mediation::AgreementSignedBy,
        mediation::AgreementEffective,
        mediation::PerformanceFulfilled,
        mediation::PerformanceDefaulted,
        mediation::OrganisationChanged,
        mediation::OrganisationUnderstaffed,
        mediation::MediatorChanged,
        mediation::MediatorsChosen,
        mediation::MediatorAnswered,
        mediation::MediatorsReplaced,
        mediation::ParticipantInvited,
        mediation::MediationPaused,
        mediation::MediationResumed,
        mediation::MediationExtended,
        mediation::FactsAgreed,
        mediation::MediationTransferred,
        mediation::ShamSuspected,
        mediation::ShamCleared,
        mediation::PoliceReported,
        mediation::SupportReferred,
        mediation::AgreementAmended,
        mediation::AgreementVoided,
        mediation::PerformanceDue,
        judicial_confirmation::ConfirmationApplied,
        judicial_confirmation::ConfirmationJointCompleted,
        judicial_confirmation::ConfirmationCourtReceived,
        judicial_confirmation::ConfirmationAccepted,
        judicial_confirmation::ConfirmationRefused,
        judicial_confirmation::ConfirmationRuled,
        judicial_confirmation::ConfirmationWithdrawn,
        judicial_confirmation::ConfirmationExpired,
        judicial_confirmation::ConfirmationSupplementAsked,
        judicial_confirmation::ConfirmationSupplemented,
        judicial_confirmation::ConfirmationQuestioned,
        judicial_confirmation::ConfirmationTreatedAsWithdrawn,
        judicial_confirmation::ConfirmationSuspended,
        judicial_confirmation::ConfirmationResumed,
        judicial_confirmation::ConfirmationServed,
        judicial_confirmation::ConfirmationObjected,
        judicial_confirmation::ConfirmationObjectionDecided,
        judicial_confirmation::ConfirmationOptionsTold,
        judicial_confirmation::ConfirmationCircular,
        judicial_confirmation::ConfirmationEnforcementApplied,
        effect::EffectApplied,
        effect::EffectAccepted,
        effect::EffectRefused,
        effect::EffectWithdrawn,
        effect::EffectDecided,
        evaluation::FollowUpScheduled,
        evaluation::FollowUpDone,
        evaluation::RatingGiven,
        evaluation::CaseClosed,
        reporting::PeriodClosed,
        federation::FactReceived,
        federation::RequestChanged,
        federation::AccountabilityMoved,
        federation::CaseAdopted,
        federation::PolicyAdopted,
        clock::ClockWarned,
        clock::ClockBreached,
        clock::ClockPaused,
        clock::ClockResumed,
        clock::ClockExtended,
    ]
}
