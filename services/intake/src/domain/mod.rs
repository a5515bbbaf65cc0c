//! The rules, without input or output: what may be registered, what may become of a matter, how a case stands in public.
pub use refusal::Refusal;

pub mod appointment;
pub mod attachment;
pub mod case;
pub mod case_file;
pub mod correction;
pub mod dispute_case;
pub mod import;
pub mod inquiry;
pub mod link;
pub mod matter;
pub mod notification;
pub mod organisation_message;
pub mod party;
pub mod petition;
pub mod public_fact;
mod refusal;
pub mod registration;
pub mod screening;
pub mod sheet;
pub mod similarity;
