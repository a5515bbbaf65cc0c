//! The operations, mirrored.

mod accept_matter;
mod answer_matter;
mod appointments;
mod archive_case;
mod ask_correction;
mod decline_matter;
mod get_case;
mod get_matter;
mod get_timeline;
mod inquiries;
mod link_matter;
mod list_matters;
mod list_parties;
mod merge_case;
mod petition;
mod register_matter;
mod reopen_case;
