//! All levels, with every kind of database, alone and below another node.

use anyhow::Result;
use charts_tests::{
    Release, Scenario, invariants,
    scenario::{Level, Postgres},
};
use rstest::rstest;

use crate::report;

#[rstest]
fn holds(
    #[values(Level::Province, Level::City, Level::County, Level::Township)] level: Level,
    #[values(Postgres::Internal, Postgres::Cnpg, Postgres::External)] postgres: Postgres,
    #[values(false, true)] linked: bool,
) -> Result<()> {
    // Nothing is above a province.
    if level == Level::Province && linked {
        return Ok(());
    }
    check(&Scenario::of(level, postgres, linked)?)
}

#[rstest]
fn every_option(
    #[values(Postgres::Internal, Postgres::Cnpg, Postgres::External)] postgres: Postgres,
) -> Result<()> {
    check(&Scenario::full(postgres)?)
}

fn check(scenario: &Scenario) -> Result<()> {
    report(
        &scenario.name,
        &invariants::findings(&Release::render(scenario)?),
    )
}
