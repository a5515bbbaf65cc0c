//! A node works while the one above cannot be reached.

use serde_json::Value;

use crate::{Object, Release};

/// The parent's address stands where the link is made, allowed or tested: in no probe, no init container, no service.
pub(super) fn not_in_readiness(release: &Release) -> Vec<String> {
    let Some(host) = release.scenario.parent_host() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let holders: Vec<&Object> = release
        .objects
        .iter()
        .filter(|object| contains(&object.value, &host))
        .collect();
    let links = |object: &&Object| {
        let configures = object.kind() == "ConfigMap" && object.name().contains("nats");
        configures || object.kind() == "NetworkPolicy" || object.is_test()
    };
    findings.extend(
        holders
            .iter()
            .filter(|object| !links(object))
            .map(|object| format!("{}: {host}", object.title())),
    );
    if !holders.iter().any(|object| object.kind() == "ConfigMap") {
        findings.push(format!("{host} is in no configuration"));
    }
    findings
}

fn contains(value: &Value, text: &str) -> bool {
    match value {
        Value::String(found) => found.contains(text),
        Value::Array(values) => values.iter().any(|value| contains(value, text)),
        Value::Object(fields) => fields.values().any(|value| contains(value, text)),
        _ => false,
    }
}
