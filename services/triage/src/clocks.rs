//! The policy pack's clocks that run in this service.

/// How long a case may wait for its decision (transition 6).
pub(crate) const DECIDE: &str = "triage.decide";
/// How long an order may wait for its signature (transition 8).
pub(crate) const SIGN: &str = "dispatch.sign";
