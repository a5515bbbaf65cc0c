//! The version of a pack: a digest of what is in force, whatever files it came from.

use std::{collections::BTreeMap, fmt::Write as _};

use sha2::{Digest as _, Sha256};

use super::node::{Content, Node};
use crate::calendar::Calendar;

/// `sha256:` and the digest of the merged sections and the calendar in a canonical form.
pub(super) fn of(sections: &BTreeMap<String, Node>, calendar: &Calendar) -> String {
    let mut canonical = String::new();
    for (name, section) in sections {
        _ = writeln!(canonical, "{name}");
        write(section, &mut canonical);
    }
    _ = write!(canonical, "{}", calendar.canonical());
    let digest = Sha256::digest(canonical.as_bytes());
    digest.iter().fold("sha256:".to_owned(), |mut text, byte| {
        _ = write!(text, "{byte:02x}");
        text
    })
}

/// JSON with sorted keys; the order of lists stays, it has a meaning.
fn write(node: &Node, out: &mut String) {
    match &node.content {
        Content::Scalar(value) => _ = write!(out, "{value}"),
        Content::List(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Content::Map(entries) => {
            let sorted: BTreeMap<_, _> = entries
                .iter()
                .map(|entry| (&entry.key, &entry.value))
                .collect();
            out.push('{');
            for (key, value) in sorted {
                _ = write!(out, "{key:?}:");
                write(value, out);
                out.push(',');
            }
            out.push('}');
        }
    }
}
