//! Laying a lower layer over an upper one.
//!
//! Mappings merge key by key. Lists whose items all bear an `id`, `code` or `route` merge item by item: a known item is
//! merged, a new one added at the end, one with `remove: true` taken out. Everything else is replaced. `locks:` at the
//! top of a file lists paths the layers below may not touch.

use super::{
    error::{PackError, PackErrorKind},
    node::{At, Content, Node},
};

/// Key under which a file locks values.
pub(super) const LOCKS: &str = "locks";
/// Key with which a lower layer takes an item out of a list.
const REMOVE: &str = "remove";

/// A path that an upper layer locked.
#[derive(Debug, Clone)]
pub(super) struct Lock {
    segments: Vec<String>,
    at: At,
}

impl Lock {
    fn path(&self) -> String {
        format!("/{}", self.segments.join("/"))
    }
}

/// Takes the `locks` out of a file.
pub(super) fn take_locks(file: &mut Node, errors: &mut Vec<PackError>) -> Vec<Lock> {
    let Content::Map(entries) = &mut file.content else {
        return Vec::new();
    };
    let Some(position) = entries.iter().position(|entry| entry.key == LOCKS) else {
        return Vec::new();
    };
    let entry = entries.remove(position);
    if !matches!(entry.value.content, Content::List(_)) {
        errors.push(
            entry
                .at
                .error(PackErrorKind::Lock, "/locks", "must be a list of paths"),
        );
    }
    let mut locks = Vec::new();
    for item in entry.value.items() {
        match item.text().and_then(|text| text.strip_prefix('/')) {
            Some(path) => locks.push(Lock {
                segments: path.split('/').map(str::to_owned).collect(),
                at: item.at.clone(),
            }),
            None => errors.push(item.at.error(
                PackErrorKind::Lock,
                "/locks",
                "a lock is a path that begins with `/`",
            )),
        }
    }
    locks
}

/// Complains about locks that name nothing in the merged section.
pub(super) fn check_locks(section: &Node, locks: &[Lock], errors: &mut Vec<PackError>) {
    for lock in locks {
        let found = lock
            .segments
            .iter()
            .try_fold(section, |node, segment| node.child(segment));
        if found.is_none() {
            let reason = format!("the lock `{}` names nothing", lock.path());
            errors.push(lock.at.error(PackErrorKind::Lock, "/locks", reason));
        }
    }
}

/// Complains about list items that share an id or code.
pub(super) fn check_duplicates(node: &Node, path: &str, errors: &mut Vec<PackError>) {
    match &node.content {
        Content::Scalar(_) => {}
        Content::Map(entries) => {
            for entry in entries {
                check_duplicates(&entry.value, &format!("{path}/{}", entry.key), errors);
            }
        }
        Content::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let identity = item.identity();
                let shown = identity.map_or_else(|| index.to_string(), str::to_owned);
                let item_path = format!("{path}/{shown}");
                let first = items
                    .iter()
                    .take(index)
                    .find(|other| identity.is_some() && other.identity() == identity);
                if let Some(first) = first {
                    let reason = format!("`{shown}` is already defined in line {}", first.at.line);
                    errors.push(
                        item.at
                            .error(PackErrorKind::DuplicateId, &item_path, reason),
                    );
                }
                check_duplicates(item, &item_path, errors);
            }
        }
    }
}

/// Merges layers of one section.
pub(super) struct Merger<'a> {
    pub locks: &'a [Lock],
    pub errors: &'a mut Vec<PackError>,
}

impl Merger<'_> {
    /// Lays `over` on `base`.
    pub fn merge(&mut self, base: &mut Node, over: Node, path: &mut Vec<String>) {
        match (&mut base.content, over.content) {
            (Content::Map(base_entries), Content::Map(entries)) => {
                for entry in entries {
                    path.push(entry.key.clone());
                    match base_entries.iter_mut().find(|known| known.key == entry.key) {
                        Some(known) => self.merge(&mut known.value, entry.value, path),
                        None => {
                            if self.allowed(path, &entry.at) {
                                base_entries.push(entry);
                            }
                        }
                    }
                    path.pop();
                }
            }
            (Content::List(base_items), Content::List(items))
                if identified(base_items) && identified(&items) =>
            {
                for item in items {
                    self.merge_item(base_items, item, path);
                }
            }
            (_, content) => {
                if self.allowed(path, &over.at) {
                    *base = Node {
                        at: over.at,
                        content,
                    };
                }
            }
        }
    }

    fn merge_item(&mut self, base: &mut Vec<Node>, item: Node, path: &mut Vec<String>) {
        let Some(identity) = item.identity().map(str::to_owned) else {
            return;
        };
        path.push(identity.clone());
        let position = base
            .iter()
            .position(|known| known.identity() == Some(&identity));
        let remove = item.get(REMOVE).is_some();
        match position.and_then(|position| base.get_mut(position)) {
            Some(known) if !remove => {
                // The key that identifies the item is repeated, not set.
                self.merge(known, without_identity(item, &identity), path);
            }
            _ if self.allowed(path, &item.at) => match (position, remove) {
                (Some(position), true) => {
                    base.remove(position);
                }
                (None, true) => {
                    let reason = format!("`{identity}` is not there to be removed");
                    let place = shown(path);
                    self.errors
                        .push(item.at.error(PackErrorKind::Reference, place, reason));
                }
                _ => base.push(item),
            },
            _ => {}
        }
        path.pop();
    }

    /// Whether the value at `path` may be set or replaced; complains when not.
    fn allowed(&mut self, path: &[String], at: &At) -> bool {
        let broken = self
            .locks
            .iter()
            .find(|lock| path.starts_with(&lock.segments) || lock.segments.starts_with(path));
        match broken {
            None => true,
            Some(lock) => {
                let reason = format!(
                    "`{}` is locked by {}:{}",
                    lock.path(),
                    lock.at.file,
                    lock.at.line
                );
                self.errors
                    .push(at.error(PackErrorKind::Lock, shown(path), reason));
                false
            }
        }
    }
}

fn shown(path: &[String]) -> String {
    format!("/{}", path.join("/"))
}

fn identified(items: &[Node]) -> bool {
    items.iter().all(|item| item.identity().is_some())
}

fn without_identity(mut item: Node, identity: &str) -> Node {
    if let Content::Map(entries) = &mut item.content {
        let key = entries
            .iter()
            .position(|entry| entry.value.text() == Some(identity) && is_identity(&entry.key));
        if let Some(position) = key {
            entries.remove(position);
        }
    }
    item
}

fn is_identity(key: &str) -> bool {
    matches!(key, "id" | "code" | "route")
}
