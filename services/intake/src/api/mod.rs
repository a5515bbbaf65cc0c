//! The operations, one file each: request, handler, description.

pub mod accept_matter;
pub mod answer_matter;
pub mod decline_matter;
pub mod get_case;
pub mod get_matter;
pub mod get_timeline;
pub mod list_matters;
pub mod list_parties;
pub mod register_matter;
pub mod views;
