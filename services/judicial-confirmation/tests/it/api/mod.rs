//! The operations.

mod apply_for_confirmation;
mod court;
mod get_application;
mod get_confirmable_agreement;
mod join_application;
mod list_applications;
mod withdraw_application;
