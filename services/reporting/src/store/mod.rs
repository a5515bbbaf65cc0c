//! The tables, and the one statement that writes what an event says.

pub mod closings;
pub mod events;
pub mod facts;
pub mod ledger;
pub mod periods;
pub mod snapshots;
pub mod statistics;
mod subtree;
pub mod write;
