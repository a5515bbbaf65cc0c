//! All levels, with every kind of database, alone and below another node.

use anyhow::Result;
use charts_tests::{
    Release, Scenario, invariants,
    scenario::{Level, Postgres, centres},
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

#[test]
fn every_centre_of_the_fleet() -> Result<()> {
    let mut findings = Vec::new();
    for scenario in centres()? {
        let found = invariants::findings(&Release::render(&scenario)?);
        findings.extend(
            found
                .into_iter()
                .map(|finding| format!("{}: {finding}", scenario.name)),
        );
    }
    report("k8s/centres", &findings)
}

fn check(scenario: &Scenario) -> Result<()> {
    report(
        &scenario.name,
        &invariants::findings(&Release::render(scenario)?),
    )
}
