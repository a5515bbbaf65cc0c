//! The rules, without input or output: what may be registered, what may become of a matter, how a case stands in public.

pub mod case;
pub mod matter;
pub mod party;
mod refusal;
pub mod registration;

pub use refusal::Refusal;
