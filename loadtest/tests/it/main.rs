//! The load test against a real node, against a node that stalls, and refused.

mod job;
mod node;
mod refusal;
mod stall;
