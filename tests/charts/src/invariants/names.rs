//! Names that Kubernetes accepts.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{Object, Release};

/// Names and labels are short enough and well formed, also of what is derived from them; none stands twice.
pub(super) fn fit(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for object in &release.objects {
        let (title, name) = (object.title(), object.name());
        // A stateful set's pods carry a label with its name and a hash, a cron job's jobs its name and a time.
        let most = match object.kind() {
            "StatefulSet" | "CronJob" => 52,
            _ => 63,
        };
        if name.len() > most {
            findings.push(format!(
                "{title}: {} characters, at most {most}",
                name.len()
            ));
        }
        if !is_label(name) {
            findings.push(format!("{title}: not a DNS label"));
        }
        let namespace = object.text("/metadata/namespace");
        if !namespace.is_empty() && namespace != release.scenario.namespace {
            findings.push(format!("{title}: in namespace {namespace}"));
        }
        if !seen.insert((object.api_version(), object.kind(), name)) {
            findings.push(format!("{title}: stands twice"));
        }
        findings.extend(labels(object, "/metadata/labels"));
        findings.extend(labels(object, "/spec/template/metadata/labels"));
        findings.extend(labels(
            object,
            "/spec/jobTemplate/spec/template/metadata/labels",
        ));
    }
    for workload in release.workloads() {
        for container in workload.containers() {
            for port in container.ports.iter().flatten() {
                let name = port.name.as_deref().unwrap_or_default();
                if name.is_empty() || name.len() > 15 {
                    findings.push(format!(
                        "{}: port {} is named {name:?}",
                        workload.title(),
                        port.container_port
                    ));
                }
            }
        }
    }
    findings
}

fn is_label(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.bytes().all(inner) && !name.starts_with('-') && !name.ends_with('-')
}

fn labels(object: &Object, pointer: &str) -> Vec<String> {
    let labels = object.value.pointer(pointer).and_then(Value::as_object);
    let wrong = labels.into_iter().flatten().filter(|(_, value)| {
        let value = value.as_str().unwrap_or_default();
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let ends = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
        let bytes = value.as_bytes();
        value.len() > 63 || !value.bytes().all(inner) || !ends(bytes.first()) || !ends(bytes.last())
    });
    wrong
        .map(|(label, value)| format!("{}: label {label} is {value}", object.title()))
        .collect()
}
