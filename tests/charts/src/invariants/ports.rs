//! Addresses and ports: whoever is called is there.

use std::collections::BTreeMap;

use k8s_openapi::api::{
    apps::v1::StatefulSet,
    core::v1::{Container, Probe, Service, ServicePort},
    networking::v1::{Ingress, IngressBackend},
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::{Release, Workload};

use super::references::SERVICES;

/// Services find pods and ports; probes, sets, ingresses find theirs.
pub(super) fn closed(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    let workloads = release.workloads();
    for service in release.all::<Service>() {
        let (name, spec) = (
            service.metadata.name.unwrap_or_default(),
            service.spec.unwrap_or_default(),
        );
        let selector = spec.selector.unwrap_or_default();
        let chosen = |workload: &&Workload| {
            let labels = workload.labels();
            !selector.is_empty()
                && workload.is_lasting()
                && selector
                    .iter()
                    .all(|(key, value)| labels.get(key) == Some(value))
        };
        let targets: Vec<&Workload> = workloads.iter().filter(chosen).collect();
        if targets.len() != 1 {
            findings.push(format!(
                "Service/{name}: {} workloads behind it",
                targets.len()
            ));
        }
        for (target, port) in targets
            .iter()
            .flat_map(|target| spec.ports.iter().flatten().map(move |port| (target, port)))
        {
            if !target
                .spec
                .containers
                .iter()
                .any(|container| has_port(container, &target_of(port)))
            {
                findings.push(format!(
                    "Service/{name}: {} has no port {:?}",
                    target.title(),
                    port.target_port
                ));
            }
        }
    }
    for workload in workloads {
        for container in workload.containers() {
            let probes = [
                &container.startup_probe,
                &container.liveness_probe,
                &container.readiness_probe,
            ];
            for port in probes.into_iter().flatten().filter_map(port_of) {
                if !has_port(container, &port) {
                    findings.push(format!(
                        "{}: {}: a probe asks {port:?}",
                        workload.title(),
                        container.name
                    ));
                }
            }
        }
    }
    for set in release.all::<StatefulSet>() {
        let (name, spec) = (
            set.metadata.name.unwrap_or_default(),
            set.spec.unwrap_or_default(),
        );
        let service = spec.service_name.unwrap_or_default();
        let headless = release
            .object("Service", &service)
            .map(|object| object.text("/spec/clusterIP") == "None");
        // Only then do its pods have names of their own.
        let several = spec.replicas.is_some_and(|replicas| replicas > 1);
        if headless.is_none_or(|headless| several && !headless) {
            findings.push(format!(
                "StatefulSet/{name}: {service} is not there, or not headless"
            ));
        }
    }
    findings.extend(backends(release));
    findings
}

fn target_of(port: &ServicePort) -> IntOrString {
    port.target_port
        .clone()
        .unwrap_or(IntOrString::Int(port.port))
}

fn has_port(container: &Container, wanted: &IntOrString) -> bool {
    container.ports.iter().flatten().any(|port| match wanted {
        IntOrString::Int(number) => port.container_port == *number,
        IntOrString::String(name) => port.name.as_ref() == Some(name),
    })
}

fn port_of(probe: &Probe) -> Option<IntOrString> {
    let http = probe.http_get.as_ref().map(|http| http.port.clone());
    http.or_else(|| probe.tcp_socket.as_ref().map(|tcp| tcp.port.clone()))
}

fn backends(release: &Release) -> Vec<String> {
    let mut findings = Vec::new();
    for ingress in release.all::<Ingress>() {
        let name = ingress.metadata.name.unwrap_or_default();
        let rules = ingress.spec.unwrap_or_default().rules.unwrap_or_default();
        let paths = rules
            .into_iter()
            .filter_map(|rule| rule.http)
            .flat_map(|http| http.paths);
        for IngressBackend { service, .. } in paths.map(|path| path.backend) {
            let Some(service) = service else {
                findings.push(format!("Ingress/{name}: a backend without a service"));
                continue;
            };
            let port = service.port.unwrap_or_default();
            let there = served(release, &service.name).any(|there| {
                port.number
                    .map_or(there.name == port.name, |number| there.port == number)
            });
            if !there {
                findings.push(format!(
                    "Ingress/{name}: {} does not serve {port:?}",
                    service.name
                ));
            }
        }
    }
    findings
}

fn served(release: &Release, name: &str) -> impl Iterator<Item = ServicePort> {
    let services = release.all::<Service>().into_iter();
    let found = services.filter(move |service| service.metadata.name.as_deref() == Some(name));
    found.flat_map(|service| service.spec.unwrap_or_default().ports.unwrap_or_default())
}

/// Every address in the cluster that a configuration, a variable or an argument names is a service of the render, at a port it has.
pub(super) fn addresses(release: &Release) -> Vec<String> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for map in release.of("ConfigMap") {
        texts.insert(map.title(), map.value.to_string());
    }
    for workload in release.workloads() {
        let containers: Vec<&Container> = workload.containers().collect();
        let words = containers.iter().flat_map(|container| {
            let values = container
                .env
                .iter()
                .flatten()
                .filter_map(|variable| variable.value.clone());
            values.chain(
                container
                    .command
                    .iter()
                    .chain(&container.args)
                    .flatten()
                    .cloned(),
            )
        });
        texts.insert(workload.title(), words.collect::<Vec<_>>().join(" "));
    }
    let mut findings = Vec::new();
    for (title, text) in texts {
        for (host, port) in named(&text).into_iter().flat_map(each_service) {
            if !is_served(release, &host, port) {
                findings.push(format!("{title}: nobody serves {host}:{port}"));
            }
        }
    }
    findings
}

/// Hosts and ports behind every `://` that lie in the cluster: without a dot, or below a service.
fn named(text: &str) -> Vec<(String, i32)> {
    let addresses =
        text.split("://")
            .zip(text.split("://").skip(1))
            .filter_map(|(before, rest)| {
                let scheme = before
                    .rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
                    .next()?;
                let authority = rest.split(['/', '"', '\\', ' ', '\n', ',', '?']).next()?;
                let host = authority.rsplit('@').next()?;
                let (host, port) = host
                    .split_once(':')
                    .map_or((host, None), |(host, port)| (host, port.parse().ok()));
                let usual = match scheme {
                    "https" | "wss" => 443,
                    "postgres" => 5432,
                    "nats" => 4222,
                    _ => 80,
                };
                let inside = !host.is_empty()
                    && (!host.contains('.') || host.contains(".svc") || host.contains("-peers"));
                inside.then(|| (host.to_owned(), port.unwrap_or(usual)))
            });
    addresses.collect()
}

/// `{service}` in an address stands for each of the services.
fn each_service((host, port): (String, i32)) -> Vec<(String, i32)> {
    if host.contains("{service}") {
        SERVICES
            .iter()
            .map(|service| (host.replace("{service}", service), port))
            .collect()
    } else {
        vec![(host, port)]
    }
}

fn is_served(release: &Release, host: &str, port: i32) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    // `<pod>.<service>` names one pod of a set.
    let service = match labels.as_slice() {
        [_, service] | [_, service, _, "svc", ..]
            if release.object("Service", service).is_some() =>
        {
            *service
        }
        [service, ..] => *service,
        [] => return false,
    };
    let made = |cluster: &str| {
        ["rw", "ro", "r"]
            .iter()
            .any(|end| service == format!("{cluster}-{end}"))
    };
    release.of("Cluster").any(|cluster| made(cluster.name())) && port == 5432
        || served(release, service).any(|there| there.port == port)
}
