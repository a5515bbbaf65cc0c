//! Facts of the other ways to give an agreement effect 赋予效力 (notary, payment order, arbitration, court mediation paper),
//! published by judicial confirmation.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    ids::{AgreementId, CaseId, EffectApplicationId, OrganisationId},
    region::RegionCode,
};

/// Declares an event with the application's ids, its kind, the region and what else is named.
macro_rules! effect_event {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
        pub struct $name {
            /// The application.
            pub effect_application_id: EffectApplicationId,
            /// The agreement.
            pub agreement_id: AgreementId,
            /// The case.
            pub case_id: CaseId,
            /// Where it happened.
            pub region: RegionCode,
            /// Which way, a code of the policy pack.
            pub kind: String,
            $($(#[$field_meta])* pub $field: $ty),+
        }
    };
}

effect_event! {
    /// The parties, or one of them, applied.
    EffectApplied {
        /// Who decides: notary office, court, arbitration body.
        body_id: OrganisationId,
        /// When.
        applied_at: DateTime<Utc>,
    }
}
effect_event! {
    /// Who decides took the application on 受理.
    EffectAccepted {
        /// When.
        accepted_at: DateTime<Utc>,
    }
}
effect_event! {
    /// Who decides did not take the application on 不予受理.
    EffectRefused {
        /// When.
        refused_at: DateTime<Utc>,
    }
}
effect_event! {
    /// The application was taken back 撤回.
    EffectWithdrawn {
        /// When.
        withdrawn_at: DateTime<Utc>,
    }
}
effect_event! {
    /// It came to something: a certificate, an order, an award, a paper, or nothing. A later outcome replaces an earlier one.
    EffectDecided {
        /// The outcome, a code of the policy pack.
        outcome: String,
        /// Whether the agreement can now be enforced by it.
        enforceable: bool,
        /// Number of the paper.
        number: Option<String>,
        /// Its day.
        decided_on: NaiveDate,
        /// When it was recorded.
        decided_at: DateTime<Utc>,
    }
}

super::events! { Some(Service::JudicialConfirmation);
    EffectApplied => "effect"."applied",
    EffectAccepted => "effect"."accepted",
    EffectRefused => "effect"."refused",
    EffectWithdrawn => "effect"."withdrawn",
    EffectDecided => "effect"."decided",
}
