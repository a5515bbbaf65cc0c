//! The tables: functions over a transaction or a connection.

pub mod agreements;
pub mod applications;
pub mod defaults;
pub mod effects;
pub mod organisations;
pub mod suspicions;
