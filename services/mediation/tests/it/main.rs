//! Mediation on real servers; the other services are played by the test.
#![cfg(test)]

mod answers;
mod api;
mod clocks;
mod consumers;
mod document;
mod domain;
mod limit;
mod machines;
mod staffing;
mod support;
mod time_over;
