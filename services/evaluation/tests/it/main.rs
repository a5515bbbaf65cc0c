//! Evaluation on real servers; the other services are played by the test.
#![cfg(test)]

mod api;
mod consumers;
mod domain;
mod machines;
mod support;
