//! Triage on real servers; the other services are played by the test.
#![cfg(test)]

mod announced_year;
mod api;
mod consumers;
mod document;
mod domain;
mod domain_risk;
mod machines;
mod support;
