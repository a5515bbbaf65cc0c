//! The alarms: what they measure exists, and what they tell to read is there.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context as _, Result, ensure};
use charts_tests::{
    Release, Scenario,
    helm::root,
    scenario::{Level, Postgres},
};
use serde_json::{Value, json};

use crate::report;

/// Names of kube-state-metrics, the kubelet and Prometheus itself.
const OF_OTHERS: [&str; 12] = [
    "up",
    "kube_cronjob_created",
    "kube_cronjob_status_active",
    "kube_cronjob_status_last_schedule_time",
    "kube_cronjob_status_last_successful_time",
    "kube_deployment_status_replicas_available",
    "kube_job_failed",
    "kube_pod_status_ready",
    "kube_statefulset_replicas",
    "kube_statefulset_status_replicas_ready",
    "kubelet_volume_stats_available_bytes",
    "kubelet_volume_stats_capacity_bytes",
];

#[test]
fn what_is_measured_and_what_is_to_be_read_exist() -> Result<()> {
    let instruments = root().join("crates/chassis/src/telemetry/instruments.rs");
    let ours = ours(&std::fs::read_to_string(instruments)?);
    ensure!(ours.contains("fengqiao_outbox_pending"), "{ours:?}");
    let overview = std::fs::read_to_string(root().join("k8s/runbooks/alerts.md"))?;
    let mut findings = Vec::new();
    for rule in rules(&Release::render(&Scenario::full(Postgres::Internal)?)?) {
        let text = |pointer: &str| rule.pointer(pointer).and_then(Value::as_str);
        let name = text("/alert").context("no name")?;
        let metrics = metrics(text("/expr").context("no expression")?);
        if metrics.is_empty() {
            findings.push(format!("{name} measures nothing"));
        }
        for metric in metrics {
            let known = OF_OTHERS.contains(&metric.as_str()) || ours.contains(plain(&metric));
            if !known {
                findings.push(format!("{name}: nothing is called {metric}"));
            }
        }
        let url = text("/annotations/runbook_url").context("no runbook")?;
        if !is_there(url) {
            findings.push(format!("{name}: {url}"));
        }
        if !overview.contains(name) {
            findings.push(format!("{name} is not in alerts.md"));
        }
    }
    report("alarms", &findings)
}

/// An alarm of what a centre does not have would never end, or never begin.
#[test]
fn an_alarm_is_only_where_it_can_be_heard() -> Result<()> {
    let on = json!({"overrides": {"monitoring": {"rules": true}, "backup": {"enabled": false}}});
    let names = |postgres: Postgres| -> Result<BTreeSet<String>> {
        let scenario = Scenario::of(Level::County, postgres, true)?.with(&on);
        let rules = rules(&Release::render(&scenario)?);
        let names = rules.iter().filter_map(|rule| rule["alert"].as_str());
        Ok(names.map(str::to_owned).collect())
    };
    let (internal, external) = (names(Postgres::Internal)?, names(Postgres::External)?);
    let only: Vec<&String> = internal.difference(&external).collect();
    assert_eq!(only, ["FengqiaoPostgresDown"]);
    ensure!(!internal.contains("FengqiaoBackupOld"), "{internal:?}");
    Ok(())
}

fn rules(release: &Release) -> Vec<Value> {
    let groups = release.of("PrometheusRule").flat_map(|rule| {
        let groups = rule.value.pointer("/spec/groups").and_then(Value::as_array);
        groups.cloned().unwrap_or_default()
    });
    let rules = groups.flat_map(|group| {
        let rules = group.get("rules").and_then(Value::as_array);
        rules.cloned().unwrap_or_default()
    });
    rules.collect()
}

/// Names before a selector.
fn metrics(expression: &str) -> BTreeSet<String> {
    let heads: Vec<&str> = expression.split('{').collect();
    let before = heads.split_last().map(|(_, before)| before);
    let name = |head: &&str| {
        let from = head.rfind(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let name = from.and_then(|at| head.get(at + 1..)).unwrap_or(head);
        name.to_owned()
    };
    before.unwrap_or_default().iter().map(name).collect()
}

/// The name of an instrument: without what the exporter adds for its kind.
fn plain(metric: &str) -> &str {
    let ends = ["_bucket", "_count", "_sum", "_total"];
    let metric = ends
        .iter()
        .find_map(|end| metric.strip_suffix(end))
        .unwrap_or(metric);
    metric.strip_suffix("_seconds").unwrap_or(metric)
}

/// The instruments that the program registers, as Prometheus writes them.
fn ours(source: &str) -> BTreeSet<String> {
    let quoted = source.split('"').skip(1).step_by(2);
    quoted
        .map(|name| format!("fengqiao_{}", name.replace('.', "_")))
        .collect()
}

/// Whether a file, and the heading after `#`, are there.
fn is_there(url: &str) -> bool {
    let (file, anchor) = url.split_once('#').unwrap_or((url, ""));
    let Ok(text) = std::fs::read_to_string(root().join(Path::new(file))) else {
        return false;
    };
    let slug = |heading: &str| {
        let words = heading
            .trim_start_matches('#')
            .trim()
            .to_lowercase()
            .replace(' ', "-");
        words.replace(
            |letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '_',
            "",
        )
    };
    let mut headings = text.lines().filter(|line| line.starts_with('#'));
    anchor.is_empty() || headings.any(|heading| slug(heading) == anchor)
}
