//! Network policies, played: what they say about a connection, as a cluster that enforces them would decide.

use std::net::IpAddr;

use ipnet::IpNet;
use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort};
use k8s_openapi::apimachinery::pkg::{apis::meta::v1::LabelSelector, util::intstr::IntOrString};

use crate::workload::Pairs;

/// One end of a connection.
#[derive(Debug, Clone)]
pub enum End {
    /// A pod of the release, with the ports it names.
    Ours {
        /// Its labels.
        labels: Pairs,
        /// Names and numbers of its ports.
        ports: Vec<(String, i32)>,
    },
    /// A pod of another namespace.
    Foreign {
        /// Its namespace.
        namespace: String,
        /// Its labels.
        labels: Pairs,
    },
    /// A machine outside the cluster.
    Machine(IpAddr),
}

/// Whether some policies let connections through. `blocks_match_pods` says what a CIDR means for a pod: networks differ in that,
/// so what must work is asked without and what must not work with it.
#[derive(Debug, Clone)]
pub struct Policies {
    policies: Vec<NetworkPolicy>,
    namespace: String,
    blocks_match_pods: bool,
}

impl Policies {
    /// The policies of a namespace.
    #[must_use]
    pub fn new(policies: Vec<NetworkPolicy>, namespace: &str, blocks_match_pods: bool) -> Self {
        Self {
            policies,
            namespace: namespace.to_owned(),
            blocks_match_pods,
        }
    }

    /// Whether a connection is let through at both of its ends.
    #[must_use]
    pub fn allow(&self, from: &End, to: &End, port: i32, protocol: &str) -> bool {
        self.one_way("Egress", from, to, to, port, protocol)
            && self.one_way("Ingress", to, from, to, port, protocol)
    }

    /// The policies that say something about a pod in one direction: `Ingress` or `Egress`.
    pub fn about<'a>(
        &'a self,
        end: &'a End,
        direction: &'a str,
    ) -> impl Iterator<Item = &'a NetworkPolicy> {
        self.policies.iter().filter(move |policy| {
            let End::Ours { labels, .. } = end else {
                return false;
            };
            let Some(spec) = &policy.spec else {
                return false;
            };
            let selected = spec
                .pod_selector
                .as_ref()
                .is_none_or(|selector| selects(selector, labels));
            selected
                && spec
                    .policy_types
                    .iter()
                    .flatten()
                    .any(|kind| kind == direction)
        })
    }

    fn one_way(
        &self,
        direction: &str,
        at: &End,
        peer: &End,
        to: &End,
        port: i32,
        protocol: &str,
    ) -> bool {
        let mut isolated = false;
        for policy in self.about(at, direction) {
            isolated = true;
            let Some(spec) = &policy.spec else {
                continue;
            };
            let passes = |peers: &Option<Vec<NetworkPolicyPeer>>,
                          ports: &Option<Vec<NetworkPolicyPort>>| {
                let peers = peers.as_deref().unwrap_or_default();
                (peers.is_empty() || peers.iter().any(|rule| self.is_peer(rule, peer)))
                    && is_port(ports.as_deref(), to, port, protocol)
            };
            let passed = match direction {
                "Ingress" => spec
                    .ingress
                    .iter()
                    .flatten()
                    .any(|rule| passes(&rule.from, &rule.ports)),
                _ => spec
                    .egress
                    .iter()
                    .flatten()
                    .any(|rule| passes(&rule.to, &rule.ports)),
            };
            if passed {
                return true;
            }
        }
        !isolated
    }

    fn is_peer(&self, rule: &NetworkPolicyPeer, peer: &End) -> bool {
        if let Some(block) = &rule.ip_block {
            let address = match peer {
                End::Machine(address) => *address,
                // Any address will do that no rule names on purpose.
                _ if self.blocks_match_pods => IpAddr::from([10, 244, 17, 23]),
                _ => return false,
            };
            let contains =
                |text: &String| text.parse().is_ok_and(|net: IpNet| net.contains(&address));
            return contains(&block.cidr) && !block.except.iter().flatten().any(contains);
        }
        let (namespace, labels) = match peer {
            End::Ours { labels, .. } => (&self.namespace, labels),
            End::Foreign { namespace, labels } => (namespace, labels),
            End::Machine(_) => return false,
        };
        let named = Pairs::from([("kubernetes.io/metadata.name".to_owned(), namespace.clone())]);
        let in_namespace = match &rule.namespace_selector {
            Some(selector) => selects(selector, &named),
            None => *namespace == self.namespace,
        };
        in_namespace
            && rule
                .pod_selector
                .as_ref()
                .is_none_or(|selector| selects(selector, labels))
    }
}

/// Whether a port is among those of a rule; a rule without ports is about all.
fn is_port(rules: Option<&[NetworkPolicyPort]>, to: &End, port: i32, protocol: &str) -> bool {
    let Some(rules) = rules.filter(|rules| !rules.is_empty()) else {
        return true;
    };
    rules.iter().any(|rule| {
        let number = match &rule.port {
            None => None,
            Some(IntOrString::Int(number)) => Some(*number),
            Some(IntOrString::String(name)) => match to {
                // A name that the pod does not know lets nothing through.
                End::Ours { ports, .. } => ports
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, number)| *number)
                    .or(Some(-1)),
                _ => Some(-1),
            },
        };
        let in_range =
            number.is_none_or(|first| (first..=rule.end_port.unwrap_or(first)).contains(&port));
        in_range && rule.protocol.as_deref().unwrap_or("TCP") == protocol
    })
}

/// Whether a selector selects these labels.
#[must_use]
pub fn selects(selector: &LabelSelector, labels: &Pairs) -> bool {
    let equal = selector
        .match_labels
        .iter()
        .flatten()
        .all(|(key, value)| labels.get(key) == Some(value));
    let expressed = selector.match_expressions.iter().flatten().all(|rule| {
        let (value, values) = (
            labels.get(&rule.key),
            rule.values.clone().unwrap_or_default(),
        );
        match rule.operator.as_str() {
            "In" => value.is_some_and(|value| values.contains(value)),
            "NotIn" => value.is_none_or(|value| !values.contains(value)),
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => false,
        }
    });
    equal && expressed
}
