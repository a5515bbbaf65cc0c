//! The Job of the chart as it is rendered, with its own arguments and files, against a whole node. Only the image is left out, and
//! the stages are shorter.

use anyhow::{Context as _, Result};
use charts_tests::{
    Release, Scenario,
    sandbox::{Place, Sandbox},
    scenario::Postgres,
};
use serde_json::{Value, json};
use testkit::TestIssuer;

use crate::node::{WIDE, node};

#[tokio::test]
async fn the_job_of_the_chart_tests_a_node() -> Result<()> {
    let (node, tokens) = node().await?;
    let processes = node.api.processes();
    let target = format!("http://{}", processes.first().context("no process")?);
    let overrides = json!({"loadtest": {
        "target": target, "play": "quick", "thresholds": WIDE,
        "testTargets": [{"address": target, "issuer": TestIssuer::ISSUER}],
    }});
    let scenario = Scenario::full(Postgres::Internal)?.with(&json!({"overrides": overrides}));
    let release = Release::render(&scenario)?;
    let job = release
        .workloads()
        .iter()
        .find(|workload| workload.name.contains("-loadtest-"))
        .context("no load test")?;
    let container = job.containers().next().context("no container")?;

    let home = tempfile::tempdir()?;
    let secrets = home.path().join("secrets");
    std::fs::create_dir(&secrets)?;
    std::fs::write(secrets.join("tokens"), tokens)?;
    let root = home.path().join("root");
    let place = Place {
        root: root.clone(),
        secrets,
        instead: Vec::new(),
    };
    let sandbox = Sandbox::lay_out(&release, job, container, place)?;
    let variables = sandbox.variables(container)?;
    let words = sandbox.words(container, &variables);
    let (program, arguments) = words.split_first().context("no command")?;
    assert_eq!(program, "/usr/bin/fengqiao-loadtest");
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_fengqiao-loadtest"))
        .args(arguments)
        .current_dir(home.path())
        .env_clear()
        .envs(&variables)
        .env("FENGQIAO_LOADTEST_LENGTH", "0.05")
        .kill_on_drop(true)
        .output()
        .await?;
    let told = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}{said}");
    // As an alarm or a gate reads it from the log.
    let summary: Value = serde_json::from_str(told.lines().last().context("nothing printed")?)?;
    assert!(summary["compared"]["cases"].as_u64() > Some(0), "{summary}");
    assert_eq!(summary["compared"]["lost_events"], 0, "{summary}");
    assert!(root.join("report/report.html").exists());
    Ok(())
}
