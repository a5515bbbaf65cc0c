//! Facts of judicial confirmation 司法确认.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{AgreementId, ApplicationId, CaseId, PartyId},
    region::RegionCode,
    text_enum,
};

text_enum! {
    /// What the court ruled (民事诉讼法 206).
    pub enum RulingOutcome {
        /// 裁定调解协议有效.
        Valid => "valid",
        /// 裁定驳回申请.
        Dismissed => "dismissed",
    }
}

/// Declares an event that carries only the application's ids, the region and a time.
macro_rules! plain {
    ($(#[$meta:meta])* $name:ident $at:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
        pub struct $name {
            /// The application.
            pub application_id: ApplicationId,
            /// The agreement.
            pub agreement_id: AgreementId,
            /// The case.
            pub case_id: CaseId,
            /// Where it happened.
            pub region: RegionCode,
            /// When.
            pub $at: DateTime<Utc>,
        }
    };
}

/// A party applied for confirmation (transition 21; 民事诉讼法 205).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationApplied {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The party.
    pub party_id: PartyId,
    /// Last day for the joint application.
    pub last_day: NaiveDate,
    /// When.
    pub applied_at: DateTime<Utc>,
}

plain! {
    /// Every party has applied 共同提交.
    ConfirmationJointCompleted completed_at
}
plain! {
    /// The court received the application.
    ConfirmationCourtReceived received_at
}
plain! {
    /// The court accepted the application 受理.
    ConfirmationAccepted accepted_at
}
plain! {
    /// The applicants took the application back 撤回.
    ConfirmationWithdrawn withdrawn_at
}
plain! {
    /// The 30 days passed without a joint application.
    ConfirmationExpired expired_at
}

/// The court did not accept the application 不予受理 (transition 23).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationRefused {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Reason code of the policy pack.
    pub reason: String,
    /// When.
    pub refused_at: DateTime<Utc>,
}

/// The court ruled (transitions 22, 23; 民事诉讼法 206).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationRuled {
    /// The application.
    pub application_id: ApplicationId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Valid or dismissed.
    pub outcome: RulingOutcome,
    /// Number of the ruling.
    pub ruling_number: String,
    /// When.
    pub ruled_at: DateTime<Utc>,
}

super::events! { Some(Service::JudicialConfirmation);
    ConfirmationApplied => "confirmation"."applied",
    ConfirmationJointCompleted => "confirmation"."joint_completed",
    ConfirmationCourtReceived => "confirmation"."court_received",
    ConfirmationAccepted => "confirmation"."accepted",
    ConfirmationRefused => "confirmation"."refused",
    ConfirmationRuled => "confirmation"."ruled",
    ConfirmationWithdrawn => "confirmation"."withdrawn",
    ConfirmationExpired => "confirmation"."expired",
}
