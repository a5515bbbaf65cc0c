//! What stands in the configuration of nats-server.

use accounts::domain;

use crate::{Release, Workload};

/// A rendered configuration of nats-server.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// The stateful set that runs it.
    pub workload: Workload,
    /// Path in the container.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Every configuration that a container is told to run nats-server with.
#[must_use]
pub fn configurations(release: &Release) -> Vec<Configuration> {
    let of = |workload: &Workload| {
        let container = workload
            .spec
            .containers
            .iter()
            .find(|container| container.name == "nats")?;
        let words: Vec<&String> = container
            .command
            .iter()
            .chain(&container.args)
            .flatten()
            .collect();
        let path = words
            .iter()
            .find(|word| word.ends_with(".conf"))?
            .to_string();
        let key = path.rsplit('/').next()?;
        let text = release.config(&workload.name, key)?.to_owned();
        Some(Configuration {
            workload: workload.clone(),
            path,
            text,
        })
    };
    release.workloads().iter().filter_map(of).collect()
}

/// The domain, the durability and the link are what federation needs them to be.
pub(super) fn configured(release: &Release) -> Vec<String> {
    let configurations = configurations(release);
    if configurations.len() != 1 {
        return vec![format!(
            "{} configurations of nats-server",
            configurations.len()
        )];
    }
    let mut findings = Vec::new();
    for Configuration { workload, text, .. } in &configurations {
        let line = |name: &str| -> Option<&str> {
            let mut lines = text.lines().map(str::trim);
            lines.find_map(|line| {
                Some(
                    line.strip_prefix(name)?
                        .trim_start()
                        .strip_prefix(':')?
                        .trim(),
                )
            })
        };
        let own = release
            .scenario
            .code()
            .parse()
            .map(domain)
            .unwrap_or_default();
        let linked = release.scenario.parent_host().is_some();
        let several = workload.replicas.is_some_and(|replicas| replicas > 1);
        let is = |name: &str, wanted: &str| line(name) == Some(wanted);
        let checks = [
            (is("domain", &own), "the JetStream domain is not the node's"),
            (is("sync_interval", "always"), "messages are not synced"),
            (
                line("remotes").is_some() == linked,
                "a remote exactly when there is a parent",
            ),
            (
                text.contains("cluster {") == several,
                "a cluster exactly when there are several",
            ),
            (
                text.contains("include \"secret/accounts.conf\""),
                "the accounts are not those of the Secret",
            ),
            (
                line("lame_duck_duration").is_none_or(|time| seconds(time) >= 30),
                "lame_duck_duration is under 30 s",
            ),
            (
                !text.contains("listen: \"0.0.0.0:7422\"") || text.contains("tls {"),
                "links are not encrypted",
            ),
        ];
        findings.extend(
            checks
                .iter()
                .filter(|(good, _)| !good)
                .map(|(_, what)| (*what).to_owned()),
        );
    }
    findings
}

fn seconds(text: &str) -> u32 {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = digits.parse().unwrap_or(0);
    if text.contains('m') {
        number * 60
    } else {
        number
    }
}
