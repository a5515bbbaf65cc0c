//! The events of other services.

mod on_accountability_moved;
mod on_case_reopened;
mod on_matter_accepted;
mod on_organisation_registered;
