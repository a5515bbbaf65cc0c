//! The rules of the ledger and its numbers, without a database.

pub mod comparison;
pub mod dimension;
pub mod entry;
pub mod facts;
pub mod indicator;
pub mod layout;
pub mod names;
pub mod nodes;
pub mod outcome;
pub mod period;
pub mod received;
pub mod snapshot;
pub mod span;
pub mod table;
