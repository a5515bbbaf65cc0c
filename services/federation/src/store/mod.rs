//! The tables.

pub mod facts;
pub mod nodes;
pub mod sent;
