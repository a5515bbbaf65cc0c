//! The pure rules.

mod case;
mod case_file;
mod dispute_case;
mod matter;
mod petition;
