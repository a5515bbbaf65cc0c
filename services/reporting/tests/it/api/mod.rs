//! The operations.

mod get_indicators;
mod get_ledger_entry;
mod get_statistics;
mod get_timeline;
mod list_ledger;
