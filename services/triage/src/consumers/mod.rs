//! What triage does with the facts of other services.

pub mod on_matter_accepted;
pub mod on_organisation_registered;
