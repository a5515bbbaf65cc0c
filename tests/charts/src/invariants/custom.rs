//! Objects that operators read: each operator's own schema is not at hand, the shape we use is.

use serde_json::Value;

use crate::{Object, Release};

use super::typed::unknown_keys;

/// A kind of an operator: version, kind, keys its `spec` must have, keys it may have.
type Shape = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const SHAPES: [Shape; 9] = [
    (
        "monitoring.coreos.com/v1",
        "ServiceMonitor",
        &["selector", "endpoints"],
        &[
            "namespaceSelector",
            "jobLabel",
            "targetLabels",
            "podTargetLabels",
            "sampleLimit",
        ],
    ),
    (
        "monitoring.coreos.com/v1",
        "PodMonitor",
        &["selector", "podMetricsEndpoints"],
        &[
            "namespaceSelector",
            "jobLabel",
            "podTargetLabels",
            "sampleLimit",
        ],
    ),
    (
        "monitoring.coreos.com/v1",
        "PrometheusRule",
        &["groups"],
        &[],
    ),
    (
        "keda.sh/v1alpha1",
        "ScaledObject",
        &["scaleTargetRef", "triggers"],
        &[
            "minReplicaCount",
            "maxReplicaCount",
            "pollingInterval",
            "cooldownPeriod",
            "fallback",
            "advanced",
        ],
    ),
    (
        "keda.sh/v1alpha1",
        "TriggerAuthentication",
        &["secretTargetRef"],
        &[],
    ),
    (
        "postgresql.cnpg.io/v1",
        "Cluster",
        &["instances", "storage"],
        &[
            "imageName",
            "imagePullPolicy",
            "imagePullSecrets",
            "bootstrap",
            "postgresql",
            "resources",
            "affinity",
            "backup",
            "externalClusters",
            "minSyncReplicas",
            "maxSyncReplicas",
            "monitoring",
            "superuserSecret",
            "enableSuperuserAccess",
            "walStorage",
            "topologySpreadConstraints",
            "inheritedMetadata",
            "managed",
            "primaryUpdateStrategy",
            "primaryUpdateMethod",
            "enablePDB",
            "priorityClassName",
            "logLevel",
            "seccompProfile",
            "plugins",
            "stopDelay",
            "smartShutdownTimeout",
            "description",
        ],
    ),
    (
        "postgresql.cnpg.io/v1",
        "ScheduledBackup",
        &["schedule", "cluster"],
        &[
            "backupOwnerReference",
            "immediate",
            "suspend",
            "method",
            "target",
            "pluginConfiguration",
        ],
    ),
    (
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        &["parentRefs", "rules"],
        &["hostnames"],
    ),
    (
        "gateway.networking.k8s.io/v1",
        "TLSRoute",
        &["parentRefs", "rules"],
        &["hostnames"],
    ),
];

fn shape_of(object: &Object) -> Option<&'static Shape> {
    SHAPES
        .iter()
        .find(|(version, kind, ..)| *version == object.api_version() && *kind == object.kind())
}

pub(super) fn is_known(object: &Object) -> bool {
    shape_of(object).is_some()
}

/// Required keys are there, no other keys than known ones, rules have what an alarm needs.
pub(super) fn shape(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    for object in &release.objects {
        let Some((_, kind, required, optional)) = shape_of(object) else {
            continue;
        };
        for key in *required {
            if object
                .value
                .pointer(&format!("/spec/{key}"))
                .is_none_or(is_empty)
            {
                findings.push(format!("{}: spec.{key} is missing", object.title()));
            }
        }
        findings.extend(unknown_keys(
            object,
            "/spec",
            &[*required, *optional].concat(),
        ));
        if *kind == "PrometheusRule" {
            findings.extend(rules(object));
        }
    }
    findings
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn rules(object: &Object) -> Vec<String> {
    let groups = object
        .value
        .pointer("/spec/groups")
        .and_then(Value::as_array);
    let rules = groups
        .into_iter()
        .flatten()
        .filter_map(|group| group.get("rules")?.as_array())
        .flatten();
    let text = |rule: &Value, pointer: &str| {
        rule.pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut findings = Vec::new();
    for rule in rules.filter(|rule| rule.get("alert").is_some()) {
        for pointer in [
            "/expr",
            "/labels/severity",
            "/annotations/summary",
            "/annotations/runbook_url",
        ] {
            if text(rule, pointer).is_empty() {
                findings.push(format!(
                    "{}: {} has no {pointer}",
                    object.title(),
                    text(rule, "/alert")
                ));
            }
        }
    }
    findings
}

/// Only what the cluster was said to have is rendered.
pub(super) fn absent(release: &Release) -> Vec<String> {
    let there = |object: &Object| {
        let full = format!("{}/{}", object.api_version(), object.kind());
        release
            .scenario
            .api_versions
            .iter()
            .any(|api| *api == full || *api == object.api_version())
    };
    let foreign = release
        .objects
        .iter()
        .filter(|object| is_known(object) && !there(object));
    foreign
        .map(|object| format!("{}: {} is not there", object.title(), object.api_version()))
        .collect()
}
