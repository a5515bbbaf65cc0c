//! What is rendered now and what was rendered before.

use anyhow::Result;
use charts_tests::{
    Release, Scenario, golden,
    scenario::{Level, Postgres},
};
use rstest::rstest;

#[rstest]
#[case::province(Scenario::of(Level::Province, Postgres::Cnpg, false))]
#[case::city(Scenario::of(Level::City, Postgres::External, true))]
#[case::county(Scenario::of(Level::County, Postgres::Internal, true))]
#[case::township(Scenario::of(Level::Township, Postgres::Internal, true))]
#[case::every_option(Scenario::full(Postgres::Internal))]
fn renders_as_before(#[case] scenario: Result<Scenario>) -> Result<()> {
    let release = Release::render(&scenario?)?;
    golden::guard(&release)?;
    golden::compare(&release)
}
