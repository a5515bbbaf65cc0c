//! The rules, without input or output: cases, follow-up visits, ratings.

pub mod case;
pub mod follow_up;
pub mod rating;
pub mod refusal;

/// The clocks of this service, kinds of the policy pack.
pub mod clock {
    /// A follow-up visit.
    pub const VISIT: &str = "followup.visit";
    /// Closing, from the first visit.
    pub const CLOSE: &str = "case.close";
}
