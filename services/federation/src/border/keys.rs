//! The public keys of other nodes, at hand for checking every message.

use std::{
    collections::{BTreeMap, BTreeSet},
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
    /// Nodes whose keys were forgotten and shown again: they give way to new ones.
    returned: BTreeSet<RegionCode>,
    children: Vec<RegionCode>,
}

impl KnownKeys {
    /// Takes over what the database has; what it has no more is forgotten.
    pub fn set(
        &self,
        keys: impl IntoIterator<Item = NodeKeys>,
        returned: Vec<RegionCode>,
        children: Vec<RegionCode>,
    ) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let keys: BTreeMap<_, _> = keys.into_iter().map(|k| (k.node, k)).collect();
        known.shown.retain(|node, _| !keys.contains_key(node));
        known.keys = keys;
        known.returned = returned.into_iter().collect();
        known.children = children;
    }

    /// Adds the keys of a node that is not known yet, or whose keys give way.
    pub fn add(&self, keys: NodeKeys) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let other = |kept: &NodeKeys| kept.signing != keys.signing;
        if known.keys.get(&keys.node).is_some_and(other) && known.returned.remove(&keys.node) {
            known.keys.remove(&keys.node);
        }
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

    /// The keys a message of this node is judged by, which may show its `own`.
    #[must_use]
    pub fn judging(&self, node: RegionCode, own: Option<NodeKeys>) -> Option<NodeKeys> {
        let own = own.filter(|keys| keys.node == node);
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if known.returned.contains(&node) && own.is_some() {
            return own;
        }
        let kept = known.keys.get(&node).or_else(|| known.shown.get(&node));
        kept.cloned().or(own)
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
        let signing = || known.judging(node, None).map(|keys| keys.signing);
        known.add(keys("old"));
        known.add(keys("other"));
        // Not stored yet.
        known.set([], vec![], vec![]);
        assert_eq!(signing().as_deref(), Some("old"));
        known.set([keys("old")], vec![], vec![]);
        // Taken off: the database has it no more.
        known.set([], vec![], vec![]);
        assert_eq!(signing(), None);
        known.add(keys("new"));
        known.forget(node, "old");
        assert_eq!(signing().as_deref(), Some("new"));
        known.forget(node, "new");
        assert_eq!(signing(), None);
    }

    #[test]
    fn keys_that_were_forgotten_and_shown_again_give_way_to_new_ones() {
        let (known, node) = (KnownKeys::default(), keys("").node);
        let judging = |own: &str| known.judging(node, Some(keys(own))).unwrap().signing;
        known.set([keys("old")], vec![], vec![]);
        assert_eq!(judging("new"), "old");
        known.set([keys("old")], vec![node], vec![]);
        assert_eq!(
            (judging("new"), judging("old")),
            ("new".to_owned(), "old".to_owned())
        );
        assert_eq!(known.judging(node, None).unwrap().signing, "old");
        known.add(keys("old"));
        assert_eq!(known.judging(node, None).unwrap().signing, "old");
        known.add(keys("new"));
        assert_eq!(known.judging(node, None).unwrap().signing, "new");
        assert_eq!(judging("newer"), "new");
    }
}
