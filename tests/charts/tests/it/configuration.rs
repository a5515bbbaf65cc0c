//! The rendered configurations, read by the programs they are for.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use charts_tests::{
    Release, Scenario, Workload,
    helm::root,
    invariants::{configurations, secret_keys},
    sandbox::{Place, Sandbox},
    scenario::{Level, Postgres, centres},
};
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use crate::secret;

#[rstest]
#[tokio::test]
async fn is_read(
    #[values(Level::Province, Level::City, Level::County, Level::Township)] level: Level,
    #[values(false, true)] linked: bool,
) -> Result<()> {
    if level == Level::Province && linked {
        return Ok(());
    }
    check(&Scenario::of(level, Postgres::Internal, linked)?).await
}

#[rstest]
#[tokio::test]
async fn is_read_with_every_option(
    #[values(Postgres::Internal, Postgres::Cnpg)] postgres: Postgres,
) -> Result<()> {
    check(&Scenario::full(postgres)?).await
}

/// The chart may refer to every key that is documented, so each of them must be made.
#[tokio::test]
async fn the_documented_keys_of_the_secret_are_made() -> Result<()> {
    let home = tempfile::Builder::new()
        .prefix("fengqiao-charts-")
        .tempdir()?;
    let scenario = Scenario::of(Level::County, Postgres::Internal, true)?;
    let folder = std::fs::read_dir(secret::make(&scenario, home.path()).await?)?;
    let mut made: BTreeSet<String> = folder
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    for theirs in secret::FROM_OTHERS {
        made.remove(theirs);
    }
    assert_eq!(made, secret_keys());
    Ok(())
}

/// What operations read, and what the chart is held against, are the same.
#[test]
fn the_example_of_the_secret_has_every_documented_key() -> Result<()> {
    let file = root().join("k8s/examples/secret.example.yaml");
    let example: Value = serde_saphyr::from_str(&std::fs::read_to_string(file)?)?;
    let keys = example["stringData"].as_object().context("stringData")?;
    let keys: BTreeSet<String> = keys.keys().cloned().collect();
    assert_eq!(keys, secret_keys());
    Ok(())
}

/// The files of the fleet, and the two databases that are somewhere else: no option of theirs reaches nats-server unread.
#[tokio::test]
async fn of_nats_server_is_read_in_every_centre() -> Result<()> {
    let mut scenarios = centres()?;
    for postgres in [Postgres::Cnpg, Postgres::External] {
        scenarios.push(Scenario::of(Level::City, postgres, true)?);
    }
    for scenario in scenarios {
        Laid::out(&scenario).await?.nats()?;
    }
    Ok(())
}

async fn check(scenario: &Scenario) -> Result<()> {
    let laid = Laid::out(scenario).await?;
    laid.nats()?;
    // These have the most to read. What the others read is started elsewhere.
    let largest = ["federation", "all"];
    let workloads = laid.release.workloads().iter();
    for workload in workloads.filter(|workload| largest.contains(&workload.component())) {
        fengqiao(&laid.release, workload, laid.place(&workload.name)).await?;
    }
    Ok(())
}

/// A render with its Secret, and a folder for the files of its containers.
struct Laid {
    home: TempDir,
    secrets: PathBuf,
    release: Release,
}

impl Laid {
    async fn out(scenario: &Scenario) -> Result<Self> {
        let home = tempfile::Builder::new()
            .prefix("fengqiao-charts-")
            .tempdir()?;
        Ok(Self {
            secrets: secret::make(scenario, home.path()).await?,
            release: Release::render(scenario)?,
            home,
        })
    }

    fn place(&self, name: &str) -> Place {
        Place {
            root: self.home.path().join(name),
            secrets: self.secrets.clone(),
            instead: Vec::new(),
        }
    }

    fn nats(&self) -> Result<()> {
        let found = configurations(&self.release);
        ensure!(
            found.len() == 1,
            "{} configurations of nats-server",
            found.len()
        );
        for configuration in found {
            nats(
                &self.release,
                &configuration.workload,
                &configuration.path,
                self.place("nats"),
            )?;
        }
        Ok(())
    }
}

/// nats-server reads its configuration, the accounts and the certificates; one that it would not start with it refuses here.
fn nats(release: &Release, workload: &Workload, path: &str, place: Place) -> Result<()> {
    let container = workload.spec.containers.first().context("no container")?;
    let sandbox = Sandbox::lay_out(release, workload, container, place)?;
    let mut command = Command::new(servers::nats_server()?);
    command
        .arg("-t")
        .arg("--config")
        .arg(sandbox.path(path))
        .envs(sandbox.variables(container)?);
    succeeds(command, &workload.title()).map(drop)
}

/// Our program reads what it finds in every container that runs it.
async fn fengqiao(release: &Release, workload: &Workload, place: Place) -> Result<()> {
    let program: &Path = e2e::program().await?;
    for container in &workload.spec.containers {
        let sandbox = Sandbox::lay_out(release, workload, container, place.clone())?;
        let variables = sandbox.variables(container)?;
        if !variables.contains_key("FENGQIAO_CONFIG") {
            continue;
        }
        let mut command = Command::new(program);
        command.arg("check").env_clear().envs(variables);
        succeeds(
            command,
            &format!("{}: {}", workload.title(), container.name),
        )?;
    }
    Ok(())
}

/// What a command printed, which must not fail.
fn succeeds(mut command: Command, title: &str) -> Result<String> {
    let output = command.output().with_context(|| title.to_owned())?;
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    ensure!(
        output.status.success(),
        "{title}: {}\n{printed}",
        output.status
    );
    Ok(printed)
}
