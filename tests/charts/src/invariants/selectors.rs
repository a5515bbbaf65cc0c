//! Who selects whom.

use k8s_openapi::api::{
    apps::v1::StatefulSet,
    core::v1::{PersistentVolumeClaim, Service},
};

use crate::{
    Release,
    network::selects,
    workload::{COMPONENT, Pairs},
};

/// Labels that never change while a release lives.
const UNCHANGING: [&str; 3] = [
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    COMPONENT,
];

/// A workload finds its own pods, and no other's.
pub(super) fn exact(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    let workloads = release.workloads();
    for workload in workloads {
        let Some(selector) = &workload.selector else {
            continue;
        };
        for other in workloads {
            let (same, found) = (
                other.title() == workload.title(),
                selects(selector, &other.labels()),
            );
            if same && !found {
                findings.push(format!("{} does not find its own pods", workload.title()));
            } else if !same && found {
                findings.push(format!(
                    "{} takes the pods of {}",
                    workload.title(),
                    other.title()
                ));
            }
        }
    }
    for workload in workloads {
        for label in UNCHANGING
            .iter()
            .filter(|label| !workload.labels().contains_key(**label))
        {
            findings.push(format!(
                "{}: its pods have no label {label}",
                workload.title()
            ));
        }
    }
    findings
}

/// What cannot be changed later, or would lose its pods during an upgrade, holds no version.
pub(super) fn unchanging(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    let mut check = |title: &str, labels: Option<&Pairs>| {
        for label in labels.into_iter().flatten().map(|(label, _)| label) {
            if !UNCHANGING.contains(&label.as_str()) {
                findings.push(format!("{title}: {label}"));
            }
        }
    };
    for workload in release.workloads() {
        check(
            &workload.title(),
            workload
                .selector
                .as_ref()
                .and_then(|selector| selector.match_labels.as_ref()),
        );
    }
    for service in release.all::<Service>() {
        let name = service.metadata.name.unwrap_or_default();
        check(
            &format!("Service/{name}"),
            service.spec.unwrap_or_default().selector.as_ref(),
        );
    }
    for set in release.all::<StatefulSet>() {
        let name = set.metadata.name.unwrap_or_default();
        for claim in set
            .spec
            .unwrap_or_default()
            .volume_claim_templates
            .iter()
            .flatten()
        {
            let PersistentVolumeClaim { metadata, .. } = claim;
            let title = format!(
                "StatefulSet/{name}: claim {}",
                metadata.name.clone().unwrap_or_default()
            );
            check(&title, metadata.labels.as_ref());
            check(&title, metadata.annotations.as_ref());
        }
    }
    findings
}
