//! Renders compared with each other.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use charts_tests::{
    Release, Scenario, golden,
    helm::{self, Version},
    scenario::{Level, Postgres},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::report;

fn county() -> Result<Scenario> {
    Scenario::of(Level::County, Postgres::Internal, true)
}

#[rstest]
#[case::county(county())]
#[case::province(Scenario::of(Level::Province, Postgres::Cnpg, false))]
#[case::every_option(Scenario::full(Postgres::Internal))]
fn two_renders_are_the_same_byte_for_byte(#[case] scenario: Result<Scenario>) -> Result<()> {
    let scenario = scenario?;
    assert_eq!(
        scenario.render(Version::Four)?,
        scenario.render(Version::Four)?
    );
    Ok(())
}

#[rstest]
#[case::county(county())]
#[case::every_option(Scenario::full(Postgres::Internal))]
fn both_versions_of_helm_render_the_same(#[case] scenario: Result<Scenario>) -> Result<()> {
    let scenario = scenario?;
    let lines = |version| -> Result<Vec<String>> {
        let text = scenario.render(version)?;
        Ok(text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(str::to_owned)
            .collect())
    };
    assert_eq!(lines(Version::Three)?, lines(Version::Four)?);
    Ok(())
}

/// Another program, and each play, is another run; how long it may take depends on the play. What may be tested is not read from
/// what is tested.
#[test]
fn a_load_test_runs_for_each_program_and_play() -> Result<()> {
    let render = |more: Value| -> Result<(String, i64, String)> {
        let release = Release::render(&Scenario::full(Postgres::Internal)?.with(&more))?;
        let mut jobs = release.of("Job");
        let job = jobs
            .find(|job| job.name().contains("-loadtest-"))
            .context("no load test")?;
        let seconds = job.value["spec"]["activeDeadlineSeconds"].as_i64();
        let name = format!("{}-loadtest", release.scenario.release);
        let files = release.object("ConfigMap", &name).context(name)?;
        let targets = files.value["data"]["targets.toml"]
            .as_str()
            .unwrap_or_default();
        Ok((
            job.name().to_owned(),
            seconds.unwrap_or_default(),
            targets.to_owned(),
        ))
    };
    let spike = render(json!({}))?;
    let digest = format!("sha256:{}", "4".repeat(64));
    let other = render(json!({"image": {"digest": digest}}))?;
    let soak = render(json!({"overrides": {"loadtest": {"play": "soak"}}}))?;
    let elsewhere = render(json!({"overrides": {"loadtest": {"target": "https://real.example"}}}))?;
    ensure!(
        spike.0 != other.0 && spike.0 != soak.0,
        "{} runs once",
        spike.0
    );
    ensure!(soak.1 > 29_100 && spike.1 < 3600, "{} {}", soak.1, spike.1);
    ensure!(!elsewhere.2.contains("real.example"), "{}", elsewhere.2);
    Ok(())
}

/// Helm waits for every claim, also for that of the files, which no pod of intake mounts then.
#[test]
fn a_stopped_centre_makes_its_volume_of_files() -> Result<()> {
    let scenario = Scenario::of(Level::County, Postgres::Internal, true)?;
    let stopped = json!({"overrides": {"stopped": true, "attachments": {"mode": "volume"}}});
    let release = Release::render(&scenario.with(&stopped))?;
    report("stopped", &charts_tests::invariants::findings(&release))
}

/// For a restore: no service and nothing that starts one, and a schema for a database that was made anew meanwhile.
#[rstest]
#[case::province(Scenario::of(Level::Province, Postgres::Cnpg, false), 0)]
#[case::every_option(Scenario::full(Postgres::Internal), 1)]
fn a_stopped_centre_has_no_services(
    #[case] scenario: Result<Scenario>,
    #[case] sets: usize,
) -> Result<()> {
    let scenario = scenario?;
    let runs = Release::render(&scenario)?;
    let stopped = json!({"overrides": {"stopped": true}});
    let stopped = Release::render(&scenario.with(&stopped))?;
    for deployment in stopped.of("Deployment") {
        assert_eq!(
            deployment.value["spec"]["replicas"],
            0,
            "{}",
            deployment.name()
        );
    }
    for kind in ["HorizontalPodAutoscaler", "ScaledObject"] {
        assert_eq!(stopped.of(kind).count(), 0, "{kind}");
    }
    let databases = stopped
        .of("StatefulSet")
        .filter(|set| set.name().ends_with("-postgres"));
    assert_eq!(databases.count(), sets);
    let migration = |release: &Release| {
        let mut jobs = release.of("Job").map(|job| job.name().to_owned());
        jobs.find(|name| name.contains("-migrate-"))
    };
    ensure!(
        migration(&runs) != migration(&stopped),
        "it would not run again"
    );
    report("stopped", &charts_tests::invariants::findings(&stopped))
}

#[rstest]
fn helm_finds_nothing_to_complain_about(
    #[values(Level::Province, Level::City, Level::County, Level::Township)] level: Level,
) -> Result<()> {
    let values = Scenario::of(level, Postgres::Internal, false)?
        .values
        .to_string();
    let said = helm::lint(Version::Four, &values)?;
    ensure!(said.is_ok(), "{said:?}");
    Ok(())
}

/// A longer name is refused, so this one must fit with everything that is added to it.
#[test]
fn the_longest_name_of_a_release_fits() -> Result<()> {
    let mut scenario = Scenario::full(Postgres::Internal)?;
    scenario.release = "a".repeat(40);
    let findings = charts_tests::invariants::findings(&Release::render(&scenario)?);
    report("a release whose name has 40 characters", &findings)
}

/// One host at a time can have such a volume: the next pod of intake waits until this one has gone.
#[rstest]
#[case::several("ReadWriteMany", "RollingUpdate")]
#[case::one("ReadWriteOnce", "Recreate")]
fn files_with_matters_lie_on_a_volume(#[case] mode: &str, #[case] strategy: &str) -> Result<()> {
    let files = json!({"mode": "volume", "storage": {"accessMode": mode}});
    let scenario = county()?.with(&json!({"overrides": {"attachments": files}}));
    let release = Release::render(&scenario)?;
    report(mode, &charts_tests::invariants::findings(&release))?;
    for deployment in release.of("Deployment") {
        let intake = deployment.name().ends_with("-intake");
        let wanted = if intake { strategy } else { "RollingUpdate" };
        assert_eq!(deployment.text("/spec/strategy/type"), wanted);
        let mounted = deployment.value.to_string().contains("-attachments");
        assert_eq!(mounted, intake, "{}", deployment.title());
    }
    Ok(())
}

/// Changes of the values, most of which no configuration shows.
fn changes() -> [(&'static str, Value); 10] {
    [
        ("nothing", json!({})),
        (
            "the image",
            json!({"image": {"digest": format!("sha256:{}", "3".repeat(64))}}),
        ),
        (
            "resources",
            json!({"overrides": {"defaults": {"resources": {"limits": {"memory": "300Mi"}}}}}),
        ),
        ("the fleet", json!({"fleet": {"wave": "canary"}})),
        (
            "replicas",
            json!({"overrides": {"services": {"intake": {"replicas": 2}}}}),
        ),
        (
            "a setting of the services",
            json!({"overrides": {"config": {"http": {"rate_per_second": 7}}}}),
        ),
        (
            "a policy file",
            json!({"overrides": {"policy": {"regions/620602/limits.yaml": "title_max: 80\n"}}}),
        ),
        (
            "the name of the centre",
            json!({"centre": {"name": "别处"}}),
        ),
        (
            "the parent",
            json!({"parent": {"url": "tls://elsewhere.example:7422"}}),
        ),
        (
            "a setting of PostgreSQL",
            json!({"overrides": {"postgres": {"maxConnections": 333}}}),
        ),
    ]
}

/// A pod is restarted when a configuration it reads has changed, and only then.
#[test]
fn the_checksum_changes_exactly_with_the_configuration() -> Result<()> {
    let renders =
        changes().map(|(what, change)| (what, county().map(|county| county.with(&change))));
    let mut states: BTreeMap<String, Vec<(&str, String, String)>> = BTreeMap::new();
    for (what, scenario) in renders {
        let release = Release::render(&scenario?)?;
        for workload in release
            .workloads()
            .iter()
            .filter(|workload| workload.is_lasting())
        {
            let annotations = workload.annotations();
            let checksum = annotations
                .get("fengqiao/config")
                .cloned()
                .unwrap_or_default();
            ensure!(!checksum.is_empty(), "{} has no checksum", workload.title());
            let content = release.content_of(workload);
            states
                .entry(workload.title())
                .or_default()
                .push((what, checksum, content));
        }
    }
    let mut findings = Vec::new();
    for (title, states) in &states {
        for (place, (what, checksum, content)) in states.iter().enumerate() {
            for (other, checksum_there, content_there) in states.iter().skip(place + 1) {
                let (same_checksum, same_content) =
                    (checksum == checksum_there, content == content_there);
                if same_checksum != same_content {
                    findings.push(format!(
                        "{title}: between {what} and {other}: same content {same_content}, same checksum {same_checksum}"
                    ));
                }
            }
        }
    }
    report("checksums", &findings)
}

/// Kubernetes refuses to change a job, so one with other contents has another name.
#[test]
fn the_name_of_a_job_changes_with_what_is_in_it() -> Result<()> {
    let mut seen: BTreeMap<String, (&str, Value)> = BTreeMap::new();
    let mut findings = Vec::new();
    for (what, change) in changes() {
        let release = Release::render(&county()?.with(&change))?;
        for job in release.of("Job") {
            let spec = job.value.get("spec").cloned().unwrap_or_default();
            let (first, known) = seen
                .entry(job.name().to_owned())
                .or_insert_with(|| (what, spec.clone()));
            if *known != spec {
                findings.push(format!(
                    "{} is one after {first} and another after {what}",
                    job.title()
                ));
            }
        }
    }
    ensure!(
        seen.len() > 1,
        "no job follows the image: {:?}",
        seen.keys()
    );
    report("jobs", &findings)
}

/// What an upgrade may not change stays while what it may change does.
#[test]
fn no_change_of_the_values_touches_what_cannot_be_changed() -> Result<()> {
    let before = golden::immutable(&Release::render(&county()?)?);
    for (what, change) in changes() {
        let after = golden::immutable(&Release::render(&county()?.with(&change))?);
        assert_eq!(before, after, "{what}");
    }
    Ok(())
}
