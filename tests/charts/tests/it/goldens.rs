//! What is rendered now and what was rendered before.

use anyhow::Result;
use charts_tests::{
    Release, Scenario,
    golden::{self, Guard},
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
    Guard::of(&release.scenario)?.check(&release)?;
    golden::compare(&release)
}

/// What most cities and provinces run: what cannot change is on record, for the rest the others stand.
#[rstest]
#[case::city(Scenario::of(Level::City, Postgres::Cnpg, true))]
#[case::province(Scenario::of(Level::Province, Postgres::External, false))]
fn cannot_be_changed_in_a_running_release(#[case] scenario: Result<Scenario>) -> Result<()> {
    let release = Release::render(&scenario?)?;
    Guard::of(&release.scenario)?.check(&release)
}

#[test]
fn a_field_that_cannot_change_is_guarded() -> Result<()> {
    let scenario = Scenario::of(Level::County, Postgres::Internal, true)?;
    let mut release = Release::render(&scenario)?;
    for object in &mut release.objects {
        if object.kind() == "StatefulSet"
            && let Some(name) = object.value.pointer_mut("/spec/serviceName")
        {
            *name = "another".into();
        }
    }
    let guard = Guard::of(&scenario)?;
    let changed = guard.changed(&release);
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert!(
        changed
            .iter()
            .all(|field| field.ends_with("/spec/serviceName")),
        "{changed:?}"
    );
    Ok(())
}
