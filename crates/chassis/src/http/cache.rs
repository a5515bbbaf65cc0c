//! Tokens that were verified a moment ago, so that a busy caller costs one signature check a minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::principal::Principal;

type Key = [u8; 32];

/// Keeps principals by the digest of their token, never the token itself. Bounded in number and time.
pub(super) struct TokenCache {
    capacity: usize,
    entries: Mutex<HashMap<Key, Entry>>,
}

struct Entry {
    principal: Arc<Principal>,
    /// Unix time after which the entry no longer counts.
    until: u64,
}

impl TokenCache {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            entries: Mutex::new(HashMap::new()),
        }
    }

    pub(super) fn key(token: &str) -> Key {
        Sha256::digest(token.as_bytes()).into()
    }

    pub(super) fn get(&self, key: &Key, now: u64) -> Option<Arc<Principal>> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .get(key)
            .filter(|entry| now < entry.until)
            .map(|entry| Arc::clone(&entry.principal))
    }

    pub(super) fn put(&self, key: Key, principal: Arc<Principal>, until: u64, now: u64) {
        if self.capacity == 0 {
            return;
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.capacity {
            entries.retain(|_, entry| now < entry.until);
        }
        if entries.len() >= self.capacity {
            // All still count: start anew. It happens once per `capacity` new tokens.
            entries.clear();
        }
        entries.insert(key, Entry { principal, until });
    }

    pub(super) fn clear(&self) {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anyone() -> Arc<Principal> {
        Arc::new(Principal {
            subject: "a".into(),
            roles: Default::default(),
            region: "6206".parse().unwrap(),
            organisation: None,
        })
    }

    #[test]
    fn entries_end_with_their_time_and_the_cache_is_bounded() {
        let cache = TokenCache::new(2);
        let [a, b, c] = ["a", "b", "c"].map(TokenCache::key);
        cache.put(a, anyone(), 10, 0);
        cache.put(b, anyone(), 20, 0);
        assert!(cache.get(&a, 9).is_some());
        assert!(
            cache.get(&a, 10).is_none(),
            "at its end it no longer counts"
        );
        cache.put(c, anyone(), 30, 15);
        assert!(
            cache.get(&b, 15).is_some(),
            "only what has ended makes room"
        );
        cache.put(a, anyone(), 40, 15);
        assert!(cache.entries.lock().unwrap().len() <= 2);
        assert!(cache.get(&a, 15).is_some());
        cache.clear();
        assert!(cache.get(&a, 15).is_none());
    }
}
