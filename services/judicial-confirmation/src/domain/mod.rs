//! The rules, without input or output: agreements that may be confirmed, and applications with their transition table.

pub mod agreement;
pub mod application;
pub mod court;
pub mod parties;
pub mod refusal;

/// The clocks of this service, kinds of the policy pack.
pub mod clock {
    /// The joint application, from the agreement's effect (民事诉讼法 205).
    pub const APPLY: &str = "confirmation.apply";
    /// The court's decision to accept, from its receipt.
    pub const ACCEPT: &str = "court.accept";
    /// The court's ruling, from its acceptance (民事诉讼法 187).
    pub const CONFIRM: &str = "court.confirm";
}
