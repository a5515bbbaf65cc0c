//! The rules of the ledger and its numbers, without a database.

pub mod dimension;
pub mod entry;
pub mod facts;
pub mod indicator;
pub mod layout;
pub mod names;
pub mod period;
pub mod table;
