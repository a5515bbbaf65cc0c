//! What triage does with the facts of other services.

pub mod on_accountability_moved;
pub mod on_case_closed;
pub mod on_case_merged;
pub mod on_case_reopened;
pub mod on_clock_breached;
pub mod on_matter_accepted;
pub mod on_mediation_ended;
pub mod on_mediation_opened;
pub mod on_organisation_registered;
pub mod on_police_reported;
pub mod on_support_referred;
