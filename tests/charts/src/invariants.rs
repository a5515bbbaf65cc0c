//! What must be true of every render. Each finding begins with the name of the invariant.

mod custom;
mod exposure;
mod hooks;
mod images;
mod least;
mod lifecycle;
mod names;
mod nats;
mod parent;
mod policies;
mod ports;
mod references;
mod scaling;
mod security;
mod selectors;
mod typed;
mod uses;
mod world;

use crate::Release;

pub use nats::{Configuration, configurations};
pub use references::{keys_read, secret_keys};
pub(crate) use uses::{Use, uses, uses_of};

type Check = fn(&Release) -> Vec<String>;

/// Every invariant of a single render, by name.
pub const ALL: [(&str, Check); 27] = [
    ("kubernetes reads every key", typed::round_trip),
    (
        "no scalar means something else in YAML 1.1",
        typed::ambiguous_scalars,
    ),
    ("objects of operators have their shape", custom::shape),
    ("no object of an operator that is not there", custom::absent),
    ("restricted pod security", security::restricted),
    (
        "read-only, without a token of the cluster",
        security::closed,
    ),
    ("probes, an orderly stop, resources", lifecycle::probes),
    ("rollouts keep a centre available", lifecycle::rollouts),
    ("no replicas beside an autoscaler", scaling::replicas),
    (
        "a disruption budget exactly when there is more than one",
        scaling::budgets,
    ),
    (
        "selectors are short and find exactly their pods",
        selectors::exact,
    ),
    (
        "claims and selectors carry nothing that changes",
        selectors::unchanging,
    ),
    ("every reference exists", references::exist),
    (
        "every claim has a pod from the start",
        references::claims_are_mounted,
    ),
    ("a pod gets the secrets it reads", least::privilege),
    ("no Secret is rendered", exposure::no_secret),
    ("no credential in plain text", exposure::no_credential),
    ("no hooks except tests", hooks::only_tests),
    ("helm test has something to run", hooks::tests_are_there),
    ("nothing is random or dated", hooks::no_dates),
    ("names fit", names::fit),
    ("images by digest", images::by_digest),
    ("services and ports are closed", ports::closed),
    ("addresses in configurations are served", ports::addresses),
    (
        "network policies allow what is declared and nothing else",
        policies::flows,
    ),
    ("the JetStream domain is the node's", nats::configured),
    (
        "readiness does not depend on the parent",
        parent::not_in_readiness,
    ),
];

/// Everything that is wrong with a render.
#[must_use]
pub fn findings(release: &Release) -> Vec<String> {
    let check = |(name, check): &(&str, Check)| {
        check(release)
            .into_iter()
            .map(move |finding| format!("[{name}] {finding}"))
            .collect::<Vec<_>>()
    };
    ALL.iter().flat_map(check).collect()
}
