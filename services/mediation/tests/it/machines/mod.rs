//! No sequence of commands leaves the tables.

mod mediator;
mod proceeding;

use std::sync::LazyLock;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use policy::PolicyPack;
use testkit::machines::{complete, walk};

static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

fn now() -> DateTime<Utc> {
    testkit::service::BEGINNING.parse().unwrap()
}

fn today() -> NaiveDate {
    "2026-09-01".parse().unwrap()
}

#[test]
fn no_sequence_of_commands_leaves_a_table() -> Result<()> {
    complete::<mediation::Mediation>(&[
        walk::<proceeding::World<1>>()?,
        walk::<proceeding::World<2>>()?,
        walk::<proceeding::World<3>>()?,
        walk::<mediator::World>()?,
    ])
}
