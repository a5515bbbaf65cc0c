//! The chart as Kubernetes would get it: real Helm renders it, and everything a cluster would find out late is asked here.
//!
//! [`scenario`] says what is rendered, [`helm`] renders it, [`release`] holds the objects, [`workload`] the pods among them,
//! [`invariants`] is what must be true of every render, [`network`] plays the network policies, [`sandbox`] lays out the files a
//! container would see, [`golden`] compares with what was rendered before.

pub mod golden;
pub mod helm;
pub mod invariants;
pub mod network;
pub mod release;
pub mod sandbox;
pub mod scenario;
pub mod workload;

pub use release::{Object, Release};
pub use scenario::Scenario;
pub use workload::Workload;
