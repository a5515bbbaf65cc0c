//! Numbers that identify persons and organisations: their rules, and how they are shown.
//!
//! [`ResidentId`] and [`UnifiedSocialCreditCode`] are types of their own; [`validate`] takes any [`DocumentKind`]. A number
//! is personal information (个人信息保护法 28, 51): `Debug` hides it, nothing here implements `Display` or `Serialize`,
//! errors repeat no input, and the only way to the whole number is a method called `expose`.

mod check_digit;
mod credit_code;
mod document;
mod error;
mod foreign;
mod resident_id;
mod text;

pub use credit_code::UnifiedSocialCreditCode;
pub use document::{DocumentKind, Normalised, validate};
pub use error::IdentifierError;
pub use resident_id::{ResidentId, Sex};

#[cfg(test)]
mod tests;
