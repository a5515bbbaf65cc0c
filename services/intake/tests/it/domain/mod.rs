//! The pure rules.

mod appointment;
mod case;
mod case_file;
mod dispute_case;
mod link;
pub mod matter;
mod petition;
