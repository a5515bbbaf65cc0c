//! What is referred to exists: another object of the render, or a key that the centre's Secret is documented to have.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use serde_json::Value;

use crate::Release;

use super::uses::{Use, uses};

/// The services of a node.
pub(super) const SERVICES: [&str; 7] = [
    "intake",
    "triage",
    "mediation",
    "judicial-confirmation",
    "evaluation",
    "reporting",
    "federation",
];

/// Keys of a centre's Secret besides a database password and NATS credentials for each service.
const SECRET_KEYS: [&str; 22] = [
    "database-owner-url",
    "database-owner-password",
    "node.json",
    "node-signing.seed",
    "node-sealing.seed",
    "federation.creds",
    "parent.json",
    "system.creds",
    "accounts.conf",
    "link.conf",
    "parent.creds",
    "parent-ca.pem",
    "leaf.crt",
    "leaf.key",
    "nats-routes-password",
    "attachments-access-key",
    "attachments-secret-key",
    "notifications-sms-token",
    "notifications-mini-programme-token",
    "notifications-email-token",
    "backup-key",
    "smoke-token",
];

/// The keys of the centre's Secret without which a pod does not start.
#[must_use]
pub fn keys_read(release: &Release) -> BTreeSet<String> {
    let containers = release
        .workloads()
        .iter()
        .flat_map(|workload| workload.containers().map(move |one| uses(workload, one)));
    let used = containers.flatten().filter(|used| {
        used.kind == "Secret" && used.name == release.scenario.secret_name() && !used.optional
    });
    used.filter_map(|used| used.key).collect()
}

/// Secrets, configurations, claims, accounts and mounts.
pub(super) fn exist(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    for workload in release.workloads() {
        let mut wrong = |what: String| findings.push(format!("{}: {what}", workload.title()));
        for container in workload.containers() {
            for used in uses(workload, container) {
                if let Err(what) = resolve(release, &used) {
                    wrong(format!("{}: {what}", container.name));
                }
            }
            for mount in container.volume_mounts.iter().flatten() {
                let volumes = workload
                    .spec
                    .volumes
                    .iter()
                    .flatten()
                    .map(|volume| volume.name.as_str());
                let claims = workload
                    .claims
                    .iter()
                    .filter_map(|claim| claim.metadata.name.as_deref());
                if !volumes.chain(claims).any(|name| name == mount.name) {
                    wrong(format!("{}: no volume {}", container.name, mount.name));
                }
            }
        }
        let account = workload
            .spec
            .service_account_name
            .as_deref()
            .unwrap_or_default();
        if release.object("ServiceAccount", account).is_none() {
            wrong(format!("no service account {account:?}"));
        }
        for volume in workload.spec.volumes.iter().flatten() {
            if !workload
                .containers()
                .flat_map(|container| container.volume_mounts.iter().flatten())
                .any(|mount| mount.name == volume.name)
            {
                wrong(format!("volume {} is mounted by no container", volume.name));
            }
            let claim = volume
                .persistent_volume_claim
                .as_ref()
                .map(|claim| claim.claim_name.clone());
            if claim.is_some_and(|claim| !claim_exists(release, &claim)) {
                wrong(format!("volume {}: its claim is not there", volume.name));
            }
        }
        for pull in workload.spec.image_pull_secrets.iter().flatten() {
            if !named_in_values(&release.scenario.values, &pull.name) {
                wrong(format!("no Secret {} to pull with", pull.name));
            }
        }
    }
    findings
}

/// Claims that nothing mounts which starts with the release. Many storage classes make a volume only for its first pod, and Helm waits
/// until every claim has one.
pub(super) fn claims_are_mounted(release: &Release) -> Vec<String> {
    let at_once = release
        .workloads()
        .iter()
        .filter(|workload| workload.is_lasting() || workload.kind == "Job")
        .filter(|workload| workload.replicas != Some(0));
    let mounted: BTreeSet<String> = at_once
        .flat_map(|workload| workload.spec.volumes.iter().flatten())
        .filter_map(|volume| Some(volume.persistent_volume_claim.as_ref()?.claim_name.clone()))
        .collect();
    let claims = release.all::<PersistentVolumeClaim>();
    claims
        .into_iter()
        .filter_map(|claim| claim.metadata.name)
        .filter(|name| !mounted.contains(name))
        .map(|name| format!("PersistentVolumeClaim/{name}: no pod mounts it at the start"))
        .collect()
}

fn claim_exists(release: &Release, name: &str) -> bool {
    release
        .all::<PersistentVolumeClaim>()
        .iter()
        .any(|claim| claim.metadata.name.as_deref() == Some(name))
        || named_in_values(&release.scenario.values, name)
}

fn resolve(release: &Release, used: &Use) -> Result<(), String> {
    let Use {
        kind, name, key, ..
    } = used;
    let shown = key.as_deref().unwrap_or("all keys");
    if *kind == "ConfigMap" {
        let map = release
            .object(kind, name)
            .ok_or_else(|| format!("no ConfigMap {name}"))?;
        let has = |key: &String| {
            map.value
                .pointer("/data")
                .and_then(|data| data.get(key))
                .is_some()
        };
        return if key.as_ref().is_none_or(has) {
            Ok(())
        } else {
            Err(format!("ConfigMap {name} has no {shown}"))
        };
    }
    if name == release.scenario.secret_name() {
        return match key {
            Some(key) if secret_keys().contains(key) => Ok(()),
            _ => Err(format!(
                "{shown} of the centre's Secret: not a documented key"
            )),
        };
    }
    // What the operator of the database makes.
    let made = release.of("Cluster").any(|cluster| {
        ["app", "ca", "server", "replication"]
            .iter()
            .any(|end| *name == format!("{}-{end}", cluster.name()))
    });
    if made || named_in_values(&release.scenario.values, name) {
        Ok(())
    } else {
        Err(format!("no Secret {name}"))
    }
}

/// Every key that the Secret of a centre below another one is documented to have. `fengqiao secrets init` makes all of them but
/// `smoke-token`, which comes from the identity provider.
#[must_use]
pub fn secret_keys() -> BTreeSet<String> {
    let fixed = SECRET_KEYS.map(str::to_owned);
    let of_services = SERVICES.iter().flat_map(|service| {
        [
            format!("database-{service}-password"),
            format!("nats-{service}.creds"),
        ]
    });
    fixed.into_iter().chain(of_services).collect()
}

/// Whether the operators named it in the values: then it is theirs.
fn named_in_values(values: &Value, name: &str) -> bool {
    match values {
        Value::String(text) => text == name,
        Value::Array(values) => values.iter().any(|value| named_in_values(value, name)),
        Value::Object(fields) => fields.values().any(|value| named_in_values(value, name)),
        _ => false,
    }
}
