//! The operations, one file each as in `src/api`.

mod amend_agreement;
mod choose_mediator;
mod confirmed_agreement;
mod default_obligation;
mod draft_agreement;
mod end_mediation;
mod fulfil_obligation;
mod get_agreement;
mod get_proceeding;
mod list_obligations;
mod list_proceedings;
mod open_proceeding;
mod pause_mediation;
mod record_consent;
mod record_session;
mod records;
mod register_changes;
mod register_mediator;
mod register_organisation;
mod sign_agreement;
mod start_mediation;
