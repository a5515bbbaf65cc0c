//! How many pods there are, and who decides it.

use std::collections::BTreeMap;

use k8s_openapi::api::{autoscaling::v2::HorizontalPodAutoscaler, policy::v1::PodDisruptionBudget};
use k8s_openapi::apimachinery::pkg::{apis::meta::v1::LabelSelector, util::intstr::IntOrString};
use serde_json::Value;

use crate::{Release, Workload, network::selects};

/// Workloads that something scales, and to how many at least.
fn scaled(release: &Release) -> BTreeMap<String, i64> {
    let mut scaled = BTreeMap::new();
    for scaler in release.all::<HorizontalPodAutoscaler>() {
        let spec = scaler.spec.unwrap_or_default();
        let target = format!(
            "{}/{}",
            spec.scale_target_ref.kind, spec.scale_target_ref.name
        );
        scaled.insert(target, spec.min_replicas.map_or(1, i64::from));
    }
    for object in release.of("ScaledObject") {
        let kind = Some(object.text("/spec/scaleTargetRef/kind")).filter(|kind| !kind.is_empty());
        let target = format!(
            "{}/{}",
            kind.unwrap_or("Deployment"),
            object.text("/spec/scaleTargetRef/name")
        );
        let least = object
            .value
            .pointer("/spec/minReplicaCount")
            .and_then(Value::as_i64);
        scaled.insert(target, least.unwrap_or(0));
    }
    scaled
}

/// With an autoscaler there are no replicas, or every upgrade fights it; without one there are, and nothing is scaled by two.
pub(super) fn replicas(release: &Release) -> Vec<String> {
    let scaled = scaled(release);
    let mut findings = Vec::new();
    let scalers =
        release.of("HorizontalPodAutoscaler").count() + release.of("ScaledObject").count();
    if scalers != scaled.len() {
        findings.push(format!(
            "{scalers} autoscalers for {} workloads",
            scaled.len()
        ));
    }
    let workloads = release.workloads();
    for workload in workloads.iter().filter(|workload| workload.is_lasting()) {
        match (scaled.contains_key(&workload.title()), workload.replicas) {
            (true, Some(_)) => findings.push(format!(
                "{}: replicas beside an autoscaler",
                workload.title()
            )),
            (false, None) => findings.push(format!(
                "{}: neither replicas nor an autoscaler",
                workload.title()
            )),
            _ => {}
        }
    }
    for target in scaled.keys() {
        if !workloads.iter().any(|workload| workload.title() == *target) {
            findings.push(format!("an autoscaler for {target}, which is not there"));
        }
    }
    findings
}

/// With one pod a budget would keep a machine from ever being drained, with more than one its absence lets all go at once.
pub(super) fn budgets(release: &Release) -> Vec<String> {
    let (scaled, budgets) = (scaled(release), release.all::<PodDisruptionBudget>());
    let mut findings = Vec::new();
    let workloads = release.workloads();
    for workload in workloads.iter().filter(|workload| workload.is_lasting()) {
        let wanted = workload
            .replicas
            .map(i64::from)
            .or_else(|| scaled.get(&workload.title()).copied());
        let several = wanted.is_some_and(|wanted| wanted > 1);
        let count = budgets
            .iter()
            .filter(|budget| covers(budget, workload))
            .count();
        if count != usize::from(several) {
            findings.push(format!(
                "{}: {wanted:?} pods, {count} budgets",
                workload.title()
            ));
        }
    }
    for budget in &budgets {
        let (name, spec) = (
            budget.metadata.name.clone().unwrap_or_default(),
            budget.spec.clone().unwrap_or_default(),
        );
        if !workloads.iter().any(|workload| covers(budget, workload)) {
            findings.push(format!("PodDisruptionBudget/{name}: covers nothing"));
        }
        if spec.max_unavailable != Some(IntOrString::Int(1)) || spec.min_available.is_some() {
            findings.push(format!(
                "PodDisruptionBudget/{name}: maxUnavailable is not 1"
            ));
        }
        if spec.unhealthy_pod_eviction_policy.as_deref() != Some("AlwaysAllow") {
            findings.push(format!(
                "PodDisruptionBudget/{name}: pods that are not ready block a drain"
            ));
        }
    }
    findings
}

fn covers(budget: &PodDisruptionBudget, workload: &Workload) -> bool {
    let selector = budget.spec.as_ref().and_then(|spec| spec.selector.as_ref());
    selector.is_some_and(|selector: &LabelSelector| selects(selector, &workload.labels()))
}
