//! One file an operation.

pub mod feed_back_request;
pub mod finish_request;
pub mod get_accountability;
pub mod get_dossier;
pub mod get_links;
pub mod get_request;
pub mod list_requests;
pub mod recall_request;
pub mod refuse_request;
pub mod rework_request;
pub mod send_request;
pub mod send_requests;
pub mod sign_request;
mod step;
pub mod urge_request;
pub mod views;
