//! The tables.

pub mod accountability;
pub mod audits;
pub mod automatic;
pub mod dossiers;
pub mod epochs;
pub mod facts;
pub mod forgotten;
pub mod nodes;
pub mod policy;
pub mod requests;
pub mod sent;
pub mod unseen;
