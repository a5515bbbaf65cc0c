//! The pure rules.

mod appointment;
mod case;
mod case_file;
mod dispute_case;
mod link;
mod matter;
mod petition;
