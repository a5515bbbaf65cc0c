//! The operations.

mod apply_for_confirmation;
mod course;
mod court;
mod desk;
mod effects;
mod get_application;
mod get_confirmable_agreement;
mod join_application;
mod list_applications;
mod objection;
mod rightful_courts;
mod withdraw_application;
