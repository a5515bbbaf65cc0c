//! Who outside the release may connect to it, and whom it may connect to.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use crate::{
    Release,
    network::{End, Policies},
    workload::Pairs,
};

use super::{
    policies::{DATABASE, HTTP, LINKS, Part},
    references::SERVICES,
};

/// Ports that somebody who broke in would use to send something out, or to look around.
const TELLTALE: [i32; 7] = [22, 25, 53, 80, 443, 6443, 7422];
/// A machine that nobody speaks of.
const OUTSIDER: [u8; 4] = [198, 51, 100, 7];

/// From other namespaces and from outside the cluster.
pub(super) fn inward(release: &Release, policies: &Policies, part: &Part) -> Vec<String> {
    let serves = serves(&part.component);
    let operated = is_operated(release, part);
    let children = net(release, "children");
    let linkable = part.component == "nats";
    let peers = [
        ("ingress-nginx", foreign("ingress-nginx")),
        ("monitoring", foreign("monitoring")),
        ("cnpg-system", foreign("cnpg-system")),
        ("another namespace", foreign("default")),
        ("a node below", End::Machine(some(&children))),
        ("a machine", End::Machine(IpAddr::from(OUTSIDER))),
    ];
    let mut findings = Vec::new();
    for (who, peer) in &peers {
        for port in &part.ports {
            let declared = match *who {
                "ingress-nginx" => serves && *port == HTTP,
                "monitoring" => (serves && *port == HTTP) || (operated && *port == 9187),
                "cnpg-system" => operated && [DATABASE, 8000].contains(port),
                "a node below" => linkable && LINKS.contains(port),
                "a machine" => linkable && LINKS.contains(port) && children.prefix_len() == 0,
                _ => false,
            };
            let allowed = policies.allow(peer, &part.end, *port, "TCP");
            let way = format!("{who} -> {}:{port}", part.component);
            findings.extend(difference(&way, declared, allowed));
        }
    }
    findings
}

/// To the names of the cluster, to what the values name, and to nothing else.
pub(super) fn outward(release: &Release, policies: &Policies, part: &Part) -> Vec<String> {
    if is_operated(release, part) {
        // It asks the API server of Kubernetes, whose address is not known here.
        return Vec::new();
    }
    let component = part.component.as_str();
    let mut findings = Vec::new();
    let resolves = !["postgres", "restore-drill"].contains(&component);
    for protocol in ["UDP", "TCP"] {
        let allowed = policies.allow(&part.end, &foreign("kube-system"), 53, protocol);
        let way = format!("{component} -> names by {protocol}");
        findings.extend(difference(&way, resolves, allowed));
    }
    let declared = declared(release, component);
    let known = declared.iter().map(|(net, port)| (some(net), *port));
    let probes = known.chain(TELLTALE.map(|port| (IpAddr::from(OUTSIDER), port)));
    for (address, port) in probes {
        let wanted = declared
            .iter()
            .any(|(net, at)| net.contains(&address) && *at == port);
        let allowed = policies.allow(&part.end, &End::Machine(address), port, "TCP");
        findings.extend(difference(
            &format!("{component} -> {address}:{port}"),
            wanted,
            allowed,
        ));
    }
    findings
}

fn difference(way: &str, declared: bool, allowed: bool) -> Option<String> {
    match (declared, allowed) {
        (true, false) => Some(format!("{way} is declared and not allowed")),
        (false, true) => Some(format!("{way} is allowed and not declared")),
        _ => None,
    }
}

/// Machines and ports that the values send a part of the centre to.
fn declared(release: &Release, component: &str) -> Vec<(IpNet, i32)> {
    let mut declared = Vec::new();
    let mut add = |pointer: &str, peers: &str| {
        let address = Some(release.scenario.text(pointer)).filter(|address| !address.is_empty());
        declared.extend(address.map(|address| (net(release, peers), port(address))));
    };
    let asks = component == "doctor";
    if component == "nats" {
        add("/parent/url", "parent");
    }
    if serves(component) || asks {
        add("/overrides/auth/jwksUrl", "identity");
        add("/overrides/config/telemetry/otlp_endpoint", "telemetry");
    }
    if ["intake", "all"].contains(&component) {
        add("/overrides/attachments/s3/endpoint", "files");
        for gateway in ["smsUrl", "miniProgrammeUrl", "emailUrl"] {
            add(&format!("/overrides/notifications/{gateway}"), "gateways");
        }
    }
    if serves(component) || asks || ["migrate", "backup", "test-link"].contains(&component) {
        add("/overrides/postgres/host", "database");
    }
    declared
}

fn serves(component: &str) -> bool {
    component == "all" || SERVICES.contains(&component)
}

fn is_operated(release: &Release, part: &Part) -> bool {
    part.component == "postgres" && release.of("Cluster").next().is_some()
}

fn foreign(namespace: &str) -> End {
    End::Foreign {
        namespace: namespace.to_owned(),
        labels: Pairs::new(),
    }
}

/// Where the values say that peers of a kind are; anywhere, when they do not.
fn net(release: &Release, peers: &str) -> IpNet {
    let first = release
        .scenario
        .text(&format!("/overrides/network/{peers}/0/cidr"));
    first
        .parse()
        .unwrap_or_else(|_| IpNet::from(Ipv4Net::default()))
}

/// Some address in it.
fn some(net: &IpNet) -> IpAddr {
    match net.prefix_len() {
        0 => IpAddr::from([203, 0, 113, 9]),
        _ => net.hosts().nth(8).unwrap_or_else(|| net.addr()),
    }
}

/// The port of an address, or the usual one of its scheme.
fn port(address: &str) -> i32 {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let host = rest.split('/').next().unwrap_or_default();
    let named = host
        .rsplit_once(':')
        .and_then(|(_, port)| port.parse().ok());
    named.unwrap_or(if scheme == "http" { 80 } else { 443 })
}
