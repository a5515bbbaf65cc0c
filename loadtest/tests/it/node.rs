//! The program against a whole node: runs to the end, finds every case again, and tells by its exit status how it went.

use std::{path::Path, process::Output};

use anyhow::{Context as _, Result};
use contracts::roles::Role;
use e2e::{Mode, TestNode, cast::Cast};
use serde_json::Value;
use testkit::TestIssuer;

/// A short one: a second of everything, at low rates.
const PLAY: &str = "name = \"short\"\n\
    [[stage]]\nname = \"mixed\"\nseconds = 3\nwindow = 1\nhotline = 1\ncode = 1\ndesk = 3\nsearch = 2\ndashboard = 1\n\
    [[stage]]\nname = \"lifecycle\"\nseconds = 3\nlifecycle = 2\n";

/// Holds on the busiest machine.
pub const WIDE: &str = "error_percent = 0\nlost_events = 0\ndoubled_events = 0\nwrong_states = 0\n\
    lag = { p95_ms = 60000 }\n[requests]\ndefault = { p95_ms = 30000 }\n";

/// A node, and tokens of all who are needed.
pub async fn node() -> Result<(TestNode, String)> {
    let node = TestNode::start(Mode::One).await?;
    let cast = Cast::gather(&node).await?;
    let mut tokens = String::new();
    for role in [
        Role::Applicant,
        Role::WindowClerk,
        Role::TriageOfficer,
        Role::Leader,
    ] {
        tokens.push_str(&format!("{}\n", node.role(role)?));
    }
    tokens.push_str(&format!("{}\n{}\n", cast.desk.officer, cast.desk.mediator));
    Ok((node, tokens))
}

async fn play(node: &TestNode, directory: &Path, tokens: &str, thresholds: &str) -> Result<Output> {
    let target = format!(
        "http://{}",
        node.api.processes().first().context("no process")?
    );
    let issuer = TestIssuer::ISSUER;
    let targets = format!("[[target]]\naddress = \"{target}\"\nissuer = \"{issuer}\"\n");
    for (name, text) in [
        ("tokens", tokens),
        ("play.toml", PLAY),
        ("targets.toml", &targets),
        ("thresholds.toml", thresholds),
    ] {
        std::fs::write(directory.join(name), text)?;
    }
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_fengqiao-loadtest"))
        .current_dir(directory)
        .args([
            "--target",
            &target,
            "--tokens",
            "tokens",
            "--play",
            "play.toml",
        ])
        .args([
            "--targets",
            "targets.toml",
            "--thresholds",
            "thresholds.toml",
        ])
        .args(["--report", "report"])
        .kill_on_drop(true)
        .output()
        .await?;
    Ok(output)
}

#[tokio::test]
async fn a_node_that_holds_passes_and_every_case_is_found_again() -> Result<()> {
    let (node, tokens) = node().await?;
    let directory = tempfile::tempdir()?;
    let output = play(&node, directory.path(), &tokens, WIDE).await?;
    let printed = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(0), "{printed}");
    assert!(printed.contains("PASSED"), "{printed}");

    let summary = std::fs::read(directory.path().join("report/summary.json"))?;
    let summary: Value = serde_json::from_slice(&summary)?;
    assert_eq!(summary["arrivals"]["due"], 33, "{summary}");
    assert_eq!(summary["arrivals"]["done"], 33, "{summary}");
    assert_eq!(summary["visits"]["lifecycle"]["count"], 6, "{summary}");
    assert_eq!(summary["visits"]["lifecycle"]["errors"], 0, "{summary}");
    // Three of each way in, and six whole cases; each registered and accepted at least.
    assert_eq!(summary["compared"]["cases"], 15, "{summary}");
    assert!(
        summary["compared"]["facts"].as_u64() > Some(15 * 2 + 6 * 8),
        "{summary}"
    );
    assert!(
        summary["lag_to_reporting"]["count"].as_u64() > Some(0),
        "{summary}"
    );
    for step in ["1 CREATE", "2 DISPATCH", "3 SETTLE", "4 SEARCH"] {
        assert_eq!(summary["steps"][step]["count"], 6, "{step} {summary}");
    }

    let settled = "SELECT count(*) FROM reporting.ledger WHERE outcome = 'agreed'";
    let settled: i64 = node.sql().await?.query_one(settled, &[]).await?.get(0);
    assert_eq!(settled, 6);

    let page = std::fs::read_to_string(directory.path().join("report/report.html"))?;
    for part in [
        "PASSED",
        "echarts.init",
        "draft the agreement",
        "command → reporting",
    ] {
        assert!(page.contains(part), "the report lacks {part}");
    }
    // It is read where there is no internet.
    assert!(!page.contains("src=\"http"), "the report loads something");
    Ok(())
}

#[tokio::test]
async fn a_threshold_that_does_not_hold_ends_it_with_status_1() -> Result<()> {
    let (node, tokens) = node().await?;
    let directory = tempfile::tempdir()?;
    let thresholds = WIDE.replace("[requests]", "[requests]\nstatistics = { p95_ms = 0.01 }");
    let output = play(&node, directory.path(), &tokens, &thresholds).await?;
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("FAILED: 1 threshold is broken"),
        "{printed}"
    );
    Ok(())
}
