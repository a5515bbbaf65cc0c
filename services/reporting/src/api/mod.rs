//! The operations, one file each.

pub mod area;
pub mod close_period;
pub mod compare_period;
pub mod correct_period;
pub mod get_indicators;
pub mod get_ledger_entry;
pub mod get_period;
pub mod get_statistics;
pub mod get_timeline;
pub mod list_fact_events;
pub mod list_facts;
pub mod list_ledger;
pub mod list_period_lines;
pub mod list_periods;
pub mod period_views;
