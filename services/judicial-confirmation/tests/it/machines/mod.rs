//! No sequence of commands leaves the tables.

mod application;
mod effect;

use anyhow::Result;
use testkit::machines::{complete, walk};

#[test]
fn no_sequence_of_commands_leaves_a_table() -> Result<()> {
    complete::<judicial_confirmation::JudicialConfirmation>(&[
        walk::<application::World<2>>()?,
        walk::<application::World<3>>()?,
        walk::<effect::World>()?,
    ])
}
