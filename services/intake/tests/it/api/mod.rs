//! The operations, mirrored.

mod accept_matter;
mod answer_matter;
mod appointments;
mod archive_case;
mod ask_correction;
mod attachments;
mod decline_matter;
mod get_case;
mod get_matter;
mod get_timeline;
mod import_matters;
mod inquiries;
mod link_matter;
mod list_matters;
mod list_parties;
mod merge_case;
mod notifications;
mod organisation_messages;
mod petition;
mod register_matter;
mod reopen_case;
mod screenings;
mod search_matters;
