//! The chassis, tested from outside on real servers.

#![cfg(test)]

mod config;
mod http;
mod lifecycle;
mod machinery;
mod telemetry;
