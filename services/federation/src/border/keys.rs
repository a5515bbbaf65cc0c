//! The public keys of other nodes, at hand for checking every message.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use contracts::{border::NodeKeys, region::RegionCode};

/// The keys known here, and the nodes directly below. Every process reads them again from the database every few seconds.
#[derive(Debug, Default)]
pub struct KnownKeys(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    keys: BTreeMap<RegionCode, NodeKeys>,
    children: Vec<RegionCode>,
}

impl KnownKeys {
    /// Takes over what the database has. Keys are only ever added: those a message has just shown may not be stored yet.
    pub fn set(&self, keys: impl IntoIterator<Item = NodeKeys>, children: Vec<RegionCode>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.keys.extend(keys.into_iter().map(|k| (k.node, k)));
        known.children = children;
    }

    /// Adds the keys of a node that is not known yet.
    pub fn add(&self, keys: NodeKeys) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.keys.entry(keys.node).or_insert(keys);
    }

    /// The keys of a node.
    #[must_use]
    pub fn get(&self, node: RegionCode) -> Option<NodeKeys> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.keys.get(&node).cloned()
    }

    /// The child under which a node is, or which it is.
    #[must_use]
    pub fn child_of(&self, node: RegionCode) -> Option<RegionCode> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.children.iter().find(|c| c.contains(&node)).copied()
    }
}
