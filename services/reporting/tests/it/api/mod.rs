//! The operations.

mod compare_period;
mod get_indicators;
mod get_ledger_entry;
mod get_statistics;
mod get_timeline;
mod list_facts;
mod list_ledger;
mod merged_cases;
mod node_statistics;
mod periods;
