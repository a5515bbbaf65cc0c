//! Who may depend on whom.

use std::{collections::BTreeSet, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// What services and libraries of a node must never have as a normal dependency.
const DEV_ONLY: [&str; 2] = ["testkit", "e2e"];
/// What the contract must build without.
const NOT_IN_CONTRACTS: [&str; 6] = [
    "diesel",
    "actix-web",
    "tokio",
    "async-nats",
    "chassis",
    "policy",
];

/// Checks the workspace's dependencies.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let metadata = cargo(root, &["metadata", "--format-version", "1", "--no-deps"])?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .context("packages")?;
    let text = |v: &Value, field: &str| {
        v.get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let services: BTreeSet<String> = packages
        .iter()
        .filter(|p| text(p, "manifest_path").contains("/services/"))
        .map(|p| text(p, "name"))
        .collect();
    ensure!(services.len() == 7, "seven services, found {services:?}");
    let mut findings = Vec::new();
    for package in packages {
        let name = text(package, "name");
        let manifest = std::fs::read_to_string(text(package, "manifest_path"))?;
        if !manifest.contains("[lints]\nworkspace = true") {
            findings.push(format!(
                "{name}: Cargo.toml lacks `[lints] workspace = true`"
            ));
        }
        for dependency in package
            .get("dependencies")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let on = text(dependency, "name");
            let dev = dependency.get("kind").and_then(Value::as_str) == Some("dev");
            if services.contains(&name) && services.contains(&on) {
                findings.push(format!(
                    "{name} depends on {on}: services never depend on one another"
                ));
            }
            if !dev && DEV_ONLY.contains(&on.as_str()) && name != "e2e" {
                findings.push(format!("{name} depends on {on}, which is for tests only"));
            }
            if matches!(name.as_str(), "chassis" | "policy" | "contracts") && services.contains(&on)
            {
                findings.push(format!("{name} depends on the service {on}"));
            }
        }
    }
    let tree = cargo(
        root,
        &[
            "tree",
            "-p",
            "contracts",
            "-e",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ],
    )?;
    for forbidden in NOT_IN_CONTRACTS {
        if tree
            .lines()
            .any(|line| line.split(' ').next() == Some(forbidden))
        {
            findings.push(format!("contracts depends on {forbidden}"));
        }
    }
    Ok(findings)
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root)
        .output()?;
    ensure!(
        output.status.success(),
        "cargo {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}
