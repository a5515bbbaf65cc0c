//! Which keys of Secrets and `ConfigMap`s a container reads.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{
    ConfigMapProjection, Container, EnvFromSource, EnvVarSource, KeyToPath, SecretProjection,
    Volume, VolumeProjection,
};

use crate::Workload;

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
