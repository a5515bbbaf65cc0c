//! Judicial confirmation on real servers; the other services are played by the test.
#![cfg(test)]

mod api;
mod consumers;
mod domain;
mod effect;
mod expiry;
mod machines;
mod sham;
mod support;
mod venue;
