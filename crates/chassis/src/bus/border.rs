//! A stream between nodes: what feeds it and what reads it.

use super::{Bus, Subscriptions};
use crate::db::Outbox;

/// A stream between this node and others. The border desk has two: UP and DOWN.
pub struct Border<S> {
    /// The connection, on that stream.
    pub bus: Bus,
    /// The outbox that feeds it.
    pub outbox: Outbox,
    /// What is done with what comes in.
    pub subscriptions: Subscriptions<S>,
}
