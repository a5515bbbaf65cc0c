//! The rules, without input or output: agreements that may be confirmed, courts, applications with their transition table,
//! and the other ways to give an agreement effect.

pub mod aftermath;
pub mod agreement;
pub mod application;
pub mod course;
pub mod court;
pub mod effect;
pub mod objection;
pub mod parties;
pub mod refusal;
pub mod review;
pub mod transitions;
pub mod venue;

/// The event of something that happened to an application: its ids, and what else is named.
macro_rules! fact {
    ($event:ident, $application:expr, $($field:ident: $value:expr),+) => {
        $event {
            application_id: $application.id,
            agreement_id: $application.agreement_id,
            case_id: $application.case_id,
            region: $application.region,
            $($field: $value),+
        }
    };
}
use fact;

/// The clocks of this service, kinds of the policy pack. Those of the other ways to effect are named by their routes.
pub mod clock {
    /// The joint application, from the agreement's effect (民事诉讼法 205).
    pub const APPLY: &str = "confirmation.apply";
    /// The court's decision to accept, from its receipt.
    pub const ACCEPT: &str = "court.accept";
    /// The court's ruling, from its acceptance (民事诉讼法 187).
    pub const CONFIRM: &str = "court.confirm";
    /// The court's own target for it (法释〔2011〕5号).
    pub const TARGET: &str = "court.confirm.target";
    /// What the court asked for (民诉法解释 354, 356).
    pub const SUPPLEMENT: &str = "confirmation.supplement";
    /// A party's objection, from its receipt of the ruling (民诉法解释 372).
    pub const OBJECTION: &str = "confirmation.objection";
    /// A third party's objection, from its knowledge (民诉法解释 372). It is counted, not run.
    pub const THIRD_PARTY: &str = "confirmation.objection.third_party";
    /// Telling the parties what remains, from a ruling or refusal (民事诉讼法 206).
    pub const TELL_OPTIONS: &str = "confirmation.tell_options";
}
