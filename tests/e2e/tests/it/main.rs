//! Whole nodes: the way of a case, scenarios of the law, faults, authorisation, bad input, operation.
#![cfg(test)]

mod authorisation;
mod bad_input;
mod endpoints;
mod faults;
mod grants;
mod main_path;
mod migrations;
mod objects;
mod operation;
mod personal_data;
mod readme;
mod refused_starts;
mod scenarios;
mod stream_loss;
mod trace;
