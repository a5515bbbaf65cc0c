//! What crosses a service or node border, and nothing else.
//!
//! Typed ids, region codes, identifiers of persons, the event envelope and catalogue, questions between services,
//! roles and permissions, problem codes, and the type in which a transition table is written. Builds without a
//! database or a web framework; the feature `diesel` only adds column support for the types here.

pub mod border;
pub mod events;
pub mod identifiers;
pub mod ids;
pub mod lifecycle;
pub mod problems;
pub mod questions;
pub mod region;
pub mod roles;
mod service;
mod text_enum;

pub use service::Service;
pub use text_enum::UnknownText;
