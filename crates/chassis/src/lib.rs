//! How any service runs: configuration, telemetry, HTTP, database, outbox and inbox, questions, clocks, lifecycle.
//!
//! A service implements [`service::ServiceModule`]; a process runs one or all of them with [`node::Node`].

pub mod bus;
pub mod clocks;
pub mod config;
pub mod db;
pub mod elsewhere;
pub mod http;
pub mod lifecycle;
pub mod node;
pub mod service;
pub mod telemetry;
pub mod time;
pub mod upper_policy;
