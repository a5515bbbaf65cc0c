//! The operations, mirrored.

mod accept_matter;
mod answer_matter;
mod decline_matter;
mod get_case;
mod get_matter;
mod get_timeline;
mod list_matters;
mod list_parties;
mod register_matter;
