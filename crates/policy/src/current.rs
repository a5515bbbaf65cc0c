//! The pack in force in a process.

use std::{
    ops::Deref,
    sync::{Arc, PoisonError, RwLock},
};

use crate::PolicyPack;

/// The pack in force; reads like a [`PolicyPack`]. A superior may hand down another one while the process runs: then every
/// clone has that one. A pack that was replaced stays in memory, since somebody may be reading it; that happens a few times a
/// year.
#[derive(Debug, Clone)]
pub struct CurrentPolicy(Arc<RwLock<&'static PolicyPack>>);

impl CurrentPolicy {
    /// A pack that comes into force.
    #[must_use]
    pub fn new(pack: PolicyPack) -> Self {
        Self(Arc::new(RwLock::new(Box::leak(Box::new(pack)))))
    }

    /// The same pack, to be replaced on its own: the services of a process read one pack as long as none has another.
    #[must_use]
    pub fn fork(&self) -> Self {
        let pack = *self.0.read().unwrap_or_else(PoisonError::into_inner);
        Self(Arc::new(RwLock::new(pack)))
    }

    /// Puts another pack in its place.
    pub fn replace(&self, pack: PolicyPack) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Box::leak(Box::new(pack));
    }
}

impl Deref for CurrentPolicy {
    type Target = PolicyPack;

    fn deref(&self) -> &PolicyPack {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}
