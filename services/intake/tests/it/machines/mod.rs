//! No sequence of commands leaves the tables.

mod appointment;
mod dispute_case;
mod inquiry;
mod matter;
mod petition;
mod screening;

use anyhow::Result;
use chassis::time::Time;
use contracts::ids::TypedId;
use testkit::machines::{complete, walk};

fn id<T: TypedId>() -> T {
    Time::system().id()
}

#[test]
fn no_sequence_of_commands_leaves_a_table() -> Result<()> {
    complete::<intake::Intake>(&[
        walk::<matter::World>()?,
        walk::<dispute_case::World>()?,
        walk::<petition::World>()?,
        walk::<inquiry::World>()?,
        walk::<screening::World>()?,
        walk::<appointment::World>()?,
    ])
}
