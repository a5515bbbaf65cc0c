//! The tables: functions over a transaction or a connection.

pub mod cases;
pub mod follow_ups;
pub mod ratings;
