//! Who may connect to whom: what is declared here, and nothing else.

use k8s_openapi::api::networking::v1::NetworkPolicy;
use serde_json::Value;

use crate::{
    Release, Workload,
    network::{End, Policies},
    workload::{COMPONENT, Pairs},
};

use super::{references::SERVICES, world};

/// A pod of the release, by the part of the centre it is.
pub(super) struct Part {
    pub(super) component: String,
    pub(super) end: End,
    pub(super) ports: Vec<i32>,
}

pub(super) const HTTP: i32 = 8080;
const BUS: i32 = 4222;
pub(super) const DATABASE: i32 = 5432;
/// Where servers of one cluster, nodes below and nodes below over HTTPS connect.
const CLUSTER: i32 = 6222;
pub(super) const LINKS: [i32; 2] = [7422, 8443];

/// Between the pods of a release, these connections and no others.
fn is_declared(from: &str, to: &str, port: i32, operated: bool) -> bool {
    let serves = |component: &str| component == "all" || SERVICES.contains(&component);
    match (to, port) {
        // Instances of one cluster of the operator.
        ("postgres", DATABASE | 8000) if from == "postgres" => operated,
        ("postgres", DATABASE) => {
            serves(from) || ["migrate", "backup", "doctor", "test-link"].contains(&from)
        }
        ("nats", BUS) => serves(from) || ["doctor", "test-link"].contains(&from),
        ("nats", CLUSTER) => from == "nats",
        (service, HTTP) => serves(service) && ["doctor", "test-smoke", "loadtest"].contains(&from),
        _ => false,
    }
}

/// Every pair of pods and every port, then the world outside.
pub(super) fn flows(release: &Release) -> Vec<String> {
    let policies = release.all::<NetworkPolicy>();
    let namespace = &release.scenario.namespace;
    let (strict, wide) = (
        Policies::new(policies.clone(), namespace, false),
        Policies::new(policies, namespace, true),
    );
    let parts = parts(release);
    let operated = release.of("Cluster").next().is_some();
    let mut findings = Vec::new();
    for part in &parts {
        for direction in ["Ingress", "Egress"] {
            if strict.about(&part.end, direction).next().is_none() {
                findings.push(format!(
                    "no policy says anything about {} {}",
                    direction, part.component
                ));
            }
        }
        for (other, port) in parts
            .iter()
            .flat_map(|other| other.ports.iter().map(move |port| (other, *port)))
        {
            let declared = is_declared(&part.component, &other.component, port, operated);
            let way = format!("{} -> {}:{port}", part.component, other.component);
            if declared && !strict.allow(&part.end, &other.end, port, "TCP") {
                findings.push(format!("{way} is declared and not allowed"));
            }
            // Nodes below may come from anywhere, so these ports are open to whoever may call somebody outside at them.
            let caller = part.component == "nats" || (part.component == "postgres" && operated);
            let link = caller && LINKS.contains(&port);
            if !declared && !link && wide.allow(&part.end, &other.end, port, "TCP") {
                findings.push(format!("{way} is allowed and not declared"));
            }
        }
        findings.extend(world::inward(release, &strict, part));
        findings.extend(world::outward(release, &strict, part));
    }
    findings
}

fn parts(release: &Release) -> Vec<Part> {
    let part = |workload: &Workload| {
        let containers = workload.containers();
        let ports = containers.flat_map(|container| container.ports.iter().flatten());
        let ports: Vec<(String, i32)> = ports
            .map(|port| (port.name.clone().unwrap_or_default(), port.container_port))
            .collect();
        Part {
            component: workload.component().to_owned(),
            ports: ports.iter().map(|(_, port)| *port).collect(),
            end: End::Ours {
                labels: workload.labels(),
                ports,
            },
        }
    };
    let operated = release.of("Cluster").map(|cluster| {
        let labels = cluster
            .value
            .pointer("/spec/inheritedMetadata/labels")
            .and_then(Value::as_object);
        let labels: Pairs = labels
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect();
        Part {
            component: labels.get(COMPONENT).cloned().unwrap_or_default(),
            ports: vec![DATABASE, 8000, 9187],
            end: End::Ours {
                labels,
                ports: Vec::new(),
            },
        }
    });
    release
        .workloads()
        .iter()
        .map(part)
        .chain(operated)
        .collect()
}
