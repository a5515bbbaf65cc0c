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
    /// As the database has them.
    keys: BTreeMap<RegionCode, NodeKeys>,
    /// As a message has just shown them: not stored yet.
    shown: BTreeMap<RegionCode, NodeKeys>,
    children: Vec<RegionCode>,
}

impl KnownKeys {
    /// Takes over what the database has; what it has no more is forgotten.
    pub fn set(&self, keys: impl IntoIterator<Item = NodeKeys>, children: Vec<RegionCode>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let keys: BTreeMap<_, _> = keys.into_iter().map(|k| (k.node, k)).collect();
        known.shown.retain(|node, _| !keys.contains_key(node));
        known.keys = keys;
        known.children = children;
    }

    /// Adds the keys of a node that is not known yet.
    pub fn add(&self, keys: NodeKeys) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if !known.keys.contains_key(&keys.node) {
            known.shown.entry(keys.node).or_insert(keys);
        }
    }

    /// Forgets a key of a node; another one of it stays.
    pub fn forget(&self, node: RegionCode, signing: &str) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let other = |keys: &NodeKeys| keys.node != node || keys.signing != signing;
        known.keys.retain(|_, keys| other(keys));
        drop(known);
        self.hide(node, signing);
    }

    /// Takes back what a message has shown: it does not count.
    pub fn hide(&self, node: RegionCode, signing: &str) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let other = |keys: &NodeKeys| keys.node != node || keys.signing != signing;
        known.shown.retain(|_, keys| other(keys));
    }

    /// The keys of a node.
    #[must_use]
    pub fn get(&self, node: RegionCode) -> Option<NodeKeys> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let keys = known.keys.get(&node).or_else(|| known.shown.get(&node));
        keys.cloned()
    }

    /// The child under which a node is, or which it is.
    #[must_use]
    pub fn child_of(&self, node: RegionCode) -> Option<RegionCode> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.children.iter().find(|c| c.contains(&node)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(signing: &str) -> NodeKeys {
        NodeKeys {
            node: "620602".parse().unwrap(),
            signing: signing.to_owned(),
            sealing: format!("X{signing}"),
        }
    }

    #[test]
    fn what_was_shown_counts_until_the_database_has_it_or_has_forgotten_it() {
        let (known, node) = (KnownKeys::default(), keys("").node);
        let signing = || known.get(node).map(|keys| keys.signing);
        known.add(keys("old"));
        known.add(keys("other"));
        // Not stored yet.
        known.set([], vec![]);
        assert_eq!(signing().as_deref(), Some("old"));
        known.set([keys("old")], vec![]);
        // Taken off: the database has it no more.
        known.set([], vec![]);
        assert_eq!(signing(), None);
        known.add(keys("new"));
        known.forget(node, "old");
        assert_eq!(signing().as_deref(), Some("new"));
        known.forget(node, "new");
        assert_eq!(signing(), None);
    }
}
