//! No sequence of commands leaves the tables.

mod consultation;
mod dispatch;
mod supervision;
mod task_force;

use anyhow::Result;
use testkit::machines::{complete, walk};

#[test]
fn no_sequence_of_commands_leaves_a_table() -> Result<()> {
    complete::<triage::Triage>(&[
        walk::<dispatch::World>()?,
        walk::<supervision::World>()?,
        walk::<consultation::World>()?,
        walk::<task_force::World>()?,
    ])
}
