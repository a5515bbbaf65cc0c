//! The chassis, tested from outside on real servers.

mod config;
mod http;
mod lifecycle;
mod machinery;
mod telemetry;
