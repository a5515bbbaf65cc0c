//! The operations, one file each: request, handler, description.

pub mod default_obligation;
pub mod draft_agreement;
mod effect;
pub mod end_mediation;
pub mod fulfil_obligation;
pub mod get_agreement;
pub mod get_notice;
pub mod get_organisation;
pub mod get_proceeding;
pub mod list_mediators;
pub mod list_obligations;
pub mod list_organisations;
pub mod list_proceedings;
pub mod open_proceeding;
pub mod own_party;
pub mod record_consent;
pub mod record_session;
pub mod register_mediator;
pub mod register_organisation;
pub mod sign_agreement;
pub mod start_mediation;
pub mod views;
