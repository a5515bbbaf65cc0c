//! What is referred to exists: another object of the render, or a key that the centre's Secret is documented to have.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{
    ConfigMapProjection, Container, EnvFromSource, EnvVarSource, KeyToPath, PersistentVolumeClaim,
    SecretProjection, Volume, VolumeProjection,
};
use serde_json::Value;

use crate::{Release, Workload};

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

/// Keys that `fengqiao secrets init` writes besides a database password and NATS credentials for each service.
pub const SECRET_KEYS: [&str; 17] = [
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
    "backup-key",
    "smoke-token",
];

/// A key of a Secret or a `ConfigMap` that a pod reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    /// None: all of them.
    pub(crate) key: Option<String>,
    pub(crate) optional: bool,
}

/// Everything a container's variables refer to, and everything in the volumes it mounts.
pub(crate) fn uses(workload: &Workload, container: &Container) -> Vec<Use> {
    let mut uses = Vec::new();
    let sources = container
        .env
        .iter()
        .flatten()
        .filter_map(|variable| variable.value_from.as_ref());
    uses.extend(sources.filter_map(of_variable));
    uses.extend(container.env_from.iter().flatten().filter_map(of_variables));
    let mounted: BTreeSet<&str> = container
        .volume_mounts
        .iter()
        .flatten()
        .map(|mount| mount.name.as_str())
        .collect();
    let volumes = workload
        .spec
        .volumes
        .iter()
        .flatten()
        .filter(|volume| mounted.contains(volume.name.as_str()));
    uses.extend(volumes.flat_map(uses_of).map(|(used, _)| used));
    uses
}

/// What a volume holds, each with the path it gets in it when one is given.
pub(crate) fn uses_of(volume: &Volume) -> Vec<(Use, Option<String>)> {
    if let Some(secret) = &volume.secret {
        return keys(
            "Secret",
            secret.secret_name.as_deref(),
            secret.items.as_deref(),
            secret.optional,
        );
    }
    if let Some(map) = &volume.config_map {
        return keys(
            "ConfigMap",
            Some(&map.name),
            map.items.as_deref(),
            map.optional,
        );
    }
    let sources = volume
        .projected
        .iter()
        .flat_map(|projected| projected.sources.iter().flatten());
    sources.flat_map(of_projection).collect()
}

fn of_variable(source: &EnvVarSource) -> Option<Use> {
    if let Some(secret) = &source.secret_key_ref {
        let (name, key) = (secret.name.clone(), Some(secret.key.clone()));
        return Some(Use {
            kind: "Secret",
            name,
            key,
            optional: secret.optional == Some(true),
        });
    }
    let map = source.config_map_key_ref.as_ref()?;
    let (name, key) = (map.name.clone(), Some(map.key.clone()));
    Some(Use {
        kind: "ConfigMap",
        name,
        key,
        optional: map.optional == Some(true),
    })
}

fn of_variables(source: &EnvFromSource) -> Option<Use> {
    let (kind, name, optional) = match (&source.secret_ref, &source.config_map_ref) {
        (Some(secret), _) => ("Secret", &secret.name, secret.optional),
        (_, Some(map)) => ("ConfigMap", &map.name, map.optional),
        _ => return None,
    };
    Some(Use {
        kind,
        name: name.clone(),
        key: None,
        optional: optional == Some(true),
    })
}

fn of_projection(source: &VolumeProjection) -> Vec<(Use, Option<String>)> {
    let secret = source.secret.iter().flat_map(
        |SecretProjection {
             name,
             items,
             optional,
         }| { keys("Secret", Some(name), items.as_deref(), *optional) },
    );
    let map = source.config_map.iter().flat_map(
        |ConfigMapProjection {
             name,
             items,
             optional,
         }| { keys("ConfigMap", Some(name), items.as_deref(), *optional) },
    );
    secret.chain(map).collect()
}

fn keys(
    kind: &'static str,
    name: Option<&str>,
    items: Option<&[KeyToPath]>,
    optional: Option<bool>,
) -> Vec<(Use, Option<String>)> {
    let one = |key: Option<String>| Use {
        kind,
        name: name.unwrap_or_default().to_owned(),
        key,
        optional: optional == Some(true),
    };
    match items {
        None | Some([]) => vec![(one(None), None)],
        Some(items) => items
            .iter()
            .map(|item| (one(Some(item.key.clone())), Some(item.path.clone())))
            .collect(),
    }
}

/// Secrets, configurations, claims, accounts and mounts.
pub(super) fn exist(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    for workload in release.workloads() {
        let mut wrong = |what: String| findings.push(format!("{}: {what}", workload.title()));
        for container in workload.containers() {
            for used in uses(&workload, container) {
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
            Some(key) if is_documented(key) => Ok(()),
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

fn is_documented(key: &str) -> bool {
    let of_service = |service: &&str| {
        key == format!("database-{service}-password") || key == format!("nats-{service}.creds")
    };
    SECRET_KEYS.contains(&key) || SERVICES.iter().any(|service| of_service(&service))
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
