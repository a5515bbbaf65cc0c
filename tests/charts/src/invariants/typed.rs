//! Whether Kubernetes reads what is rendered: what it does not know it drops without a word.

use k8s_openapi::api::{
    apps::v1::{Deployment, StatefulSet},
    autoscaling::v2::HorizontalPodAutoscaler,
    batch::v1::{CronJob, Job},
    core::v1::{ConfigMap, PersistentVolumeClaim, Pod, Service, ServiceAccount},
    networking::v1::{Ingress, NetworkPolicy},
    policy::v1::PodDisruptionBudget,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Object, Release};

use super::custom;

type Trip = fn(&Value) -> Result<Value, serde_json::Error>;

const KINDS: [(&str, &str, Trip); 12] = [
    ("apps/v1", "Deployment", trip::<Deployment>),
    ("apps/v1", "StatefulSet", trip::<StatefulSet>),
    (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        trip::<HorizontalPodAutoscaler>,
    ),
    ("batch/v1", "CronJob", trip::<CronJob>),
    ("batch/v1", "Job", trip::<Job>),
    ("v1", "ConfigMap", trip::<ConfigMap>),
    ("v1", "PersistentVolumeClaim", trip::<PersistentVolumeClaim>),
    ("v1", "Pod", trip::<Pod>),
    ("v1", "Service", trip::<Service>),
    ("v1", "ServiceAccount", trip::<ServiceAccount>),
    ("networking.k8s.io/v1", "Ingress", trip::<Ingress>),
    (
        "networking.k8s.io/v1",
        "NetworkPolicy",
        trip::<NetworkPolicy>,
    ),
];
const BUDGET: (&str, &str, Trip) = (
    "policy/v1",
    "PodDisruptionBudget",
    trip::<PodDisruptionBudget>,
);

fn trip<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, serde_json::Error> {
    serde_json::to_value(serde_json::from_value::<T>(value.clone())?)
}

/// Every key survives being read into Kubernetes' own types and written again.
pub(super) fn round_trip(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    for object in &release.objects {
        let known = |(api, kind, _): &&(&str, &str, Trip)| {
            *api == object.api_version() && *kind == object.kind()
        };
        match KINDS.iter().chain([&BUDGET]).find(known) {
            Some((_, _, trip)) => match trip(&object.value) {
                Ok(back) => lost(&object.title(), &object.value, &back, &mut findings),
                Err(error) => findings.push(format!("{}: {error}", object.title())),
            },
            None if custom::is_known(object) => {}
            None => findings.push(format!(
                "{}: {} is not expected",
                object.title(),
                object.api_version()
            )),
        }
    }
    findings
}

fn lost(path: &str, before: &Value, after: &Value, findings: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before.iter().filter(|(_, value)| !value.is_null()) {
                let path = format!("{path}.{key}");
                match after.get(key) {
                    Some(kept) => lost(&path, value, kept, findings),
                    None => findings.push(format!("{path}: Kubernetes does not know it")),
                }
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (place, (before, after)) in before.iter().zip(after).enumerate() {
                lost(&format!("{path}[{place}]"), before, after, findings);
            }
        }
        _ if before == after => {}
        _ => findings.push(format!("{path}: {before} is read as {after}")),
    }
}

/// Kubernetes reads YAML 1.1, where `no`, `on` and `0440` are other things than in 1.2; so such words are always quoted.
pub(super) fn ambiguous_scalars(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    // Deeper lines than this one belong to a text block.
    let mut block: Option<usize> = None;
    for line in release.text.lines().filter(|line| !line.trim().is_empty()) {
        let depth = line.len() - line.trim_start().len();
        if block.is_some_and(|outer| depth > outer) {
            continue;
        }
        block = None;
        let word = line
            .trim()
            .trim_start_matches("- ")
            .rsplit(": ")
            .next()
            .unwrap_or_default();
        if matches!(word, "|" | "|-" | "|+" | ">" | ">-") {
            block = Some(depth);
        } else if is_ambiguous(word) {
            findings.push(line.trim().to_owned());
        }
    }
    findings
}

fn is_ambiguous(word: &str) -> bool {
    let octal =
        word.len() > 1 && word.starts_with('0') && word.bytes().all(|byte| byte.is_ascii_digit());
    octal || ["y", "n", "yes", "no", "on", "off"].contains(&word.to_lowercase().as_str())
}

/// Keys at a pointer that are not among the known ones, for kinds that have no type here.
pub(super) fn unknown_keys(object: &Object, pointer: &str, known: &[&str]) -> Vec<String> {
    let keys = object.value.pointer(pointer).and_then(Value::as_object);
    let unknown = keys
        .into_iter()
        .flatten()
        .map(|(key, _)| key)
        .filter(|key| !known.contains(&key.as_str()));
    unknown
        .map(|key| format!("{}{pointer}/{key}: not known", object.title()))
        .collect()
}
