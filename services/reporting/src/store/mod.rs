//! The tables, and the one statement that writes them.

pub mod events;
pub mod ledger;
pub mod statistics;
pub mod write;
