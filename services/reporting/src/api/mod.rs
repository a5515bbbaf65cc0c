//! The operations, one file each.

pub mod area;
pub mod get_indicators;
pub mod get_ledger_entry;
pub mod get_statistics;
pub mod get_timeline;
pub mod list_ledger;
