//! The two streams of a node's account FED: what it publishes and collects upwards, and what it hands down.

use std::time::Duration;

use async_nats::jetstream::stream::{
    Compression, Config, DiscardPolicy, External, RetentionPolicy, Source, StorageType,
};
use contracts::region::RegionCode;

use crate::subjects::{domain, subtree, tokens};

/// The stream that goes up.
pub const UP: &str = "UP";
/// The stream that comes down.
pub const DOWN: &str = "DOWN";

/// The largest body, and its headers.
const MESSAGE_SIZE: i32 = 932 << 10;

const DAY: Duration = Duration::from_hours(24);

/// How much the streams keep. At the limit publishing waits (`discard: new`), nothing is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes; -1 sets no limit.
    pub max_bytes: i64,
    /// How long a message is kept. What a parent lost can be had again from its children for this long.
    pub max_age: Duration,
    /// Bytes one message may have.
    pub max_message_size: i32,
    /// Consumers there may be: at UP the node's own and its parent's, at DOWN its own and one a child.
    pub max_consumers: i32,
    /// How long a message published twice is recognised.
    pub duplicate_window: Duration,
    /// Copies in the cluster: 1, 3 or 5.
    pub replicas: usize,
}

impl Limits {
    /// What UP keeps unless told otherwise: 8 GiB, 90 days.
    #[must_use]
    pub fn up() -> Self {
        Self {
            max_bytes: 8 << 30,
            max_age: 90 * DAY,
            max_message_size: MESSAGE_SIZE,
            max_consumers: 64,
            duplicate_window: Duration::from_mins(10),
            replicas: 1,
        }
    }

    /// What DOWN keeps unless told otherwise: 8 GiB, 30 days; five consumers for each of 204 children, as those of a link that was cut
    /// stay for a while.
    #[must_use]
    pub fn down() -> Self {
        Self {
            max_age: 30 * DAY,
            max_consumers: 1024,
            ..Self::up()
        }
    }
}

/// The node's stream UP: its own events and, from each child's UP, those of the child's subtree.
///
/// Its subjects are the node's own tokens only. Nothing below it is captured directly, so nothing arrives twice.
#[must_use]
pub fn up_stream(node: RegionCode, children: &[RegionCode], limits: &Limits) -> Config {
    let sources = children.iter().map(|&child| {
        source(
            UP,
            format!("up.{}.>", subtree(child)),
            format!("fed.api.{}", domain(child)),
            format!("fed.up.{}", domain(child)),
        )
    });
    stream(
        UP,
        vec![format!("up.{}.>", tokens(node))],
        sources.collect(),
        limits,
    )
}

/// The node's stream DOWN: what it hands down itself and, from its parent's DOWN, what is for its subtree.
///
/// The subjects and the source cover the same messages, yet none is captured twice: what comes from the parent is stored
/// from its deliveries, and the permissions of the links keep the subjects themselves from crossing.
#[must_use]
pub fn down_stream(node: RegionCode, parent: Option<RegionCode>, limits: &Limits) -> Config {
    let own = format!("down.{}.>", subtree(node));
    if parent.is_none() {
        return stream(DOWN, vec!["down.>".to_owned()], Vec::new(), limits);
    }
    let from_parent = source(
        DOWN,
        own.clone(),
        "fed.parent".to_owned(),
        format!("fed.down.{}", domain(node)),
    );
    stream(DOWN, vec![own], vec![from_parent], limits)
}

fn source(name: &str, filter: String, api: String, deliver: String) -> Source {
    Source {
        name: name.to_owned(),
        filter_subject: Some(filter),
        external: Some(External {
            api_prefix: api,
            delivery_prefix: Some(deliver),
        }),
        ..Source::default()
    }
}

fn stream(name: &str, subjects: Vec<String>, sources: Vec<Source>, limits: &Limits) -> Config {
    Config {
        name: name.to_owned(),
        subjects,
        sources: (!sources.is_empty()).then_some(sources),
        retention: RetentionPolicy::Limits,
        storage: StorageType::File,
        discard: DiscardPolicy::New,
        compression: Some(Compression::S2),
        num_replicas: limits.replicas,
        max_bytes: limits.max_bytes,
        max_age: limits.max_age,
        max_message_size: limits.max_message_size,
        max_consumers: limits.max_consumers,
        max_messages: -1,
        max_messages_per_subject: -1,
        duplicate_window: limits.duplicate_window,
        allow_direct: true,
        deny_delete: true,
        // A store that was rolled back is repaired by making the stream anew.
        deny_purge: true,
        allow_atomic_publish: true,
        ..Config::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str) -> RegionCode {
        code.parse().unwrap()
    }

    #[test]
    fn the_largest_message_fits_with_its_headers_and_nats_server_takes_it() {
        let size = usize::try_from(MESSAGE_SIZE).unwrap();
        assert!(size - contracts::border::MESSAGE_MAX >= 32 << 10);
        assert!(size < 1 << 20);
    }

    #[test]
    fn down_has_consumers_for_a_whole_province_directly_below() {
        let config = down_stream(region("62"), None, &Limits::down());
        assert!(config.max_consumers > 1 + 2 * 204);
    }

    #[test]
    fn up_captures_the_node_and_sources_each_child() {
        let children = [region("620602"), region("620621")];
        let config = up_stream(region("6206"), &children, &Limits::up());
        assert_eq!(config.subjects, ["up.62.06._._.>"]);
        let sources = config.sources.unwrap();
        let filters: Vec<_> = sources
            .iter()
            .map(|s| s.filter_subject.as_deref().unwrap())
            .collect();
        assert_eq!(filters, ["up.62.06.02.>", "up.62.06.21.>"]);
        let external = sources[1].external.as_ref().unwrap();
        assert_eq!(external.api_prefix, "fed.api.c620621");
        assert_eq!(external.delivery_prefix.as_deref(), Some("fed.up.c620621"));
        assert!(
            up_stream(region("620602"), &[], &Limits::up())
                .sources
                .is_none()
        );
    }

    #[test]
    fn down_is_open_at_the_root_and_the_subtree_below() {
        let root = down_stream(region("62"), None, &Limits::down());
        assert_eq!(
            (root.subjects, root.sources),
            (vec!["down.>".to_owned()], None)
        );
        let city = down_stream(region("6206"), Some(region("62")), &Limits::down());
        assert_eq!(city.subjects, ["down.62.06.>"]);
        let source = &city.sources.unwrap()[0];
        assert_eq!(source.filter_subject.as_deref(), Some("down.62.06.>"));
        let external = source.external.as_ref().unwrap();
        assert_eq!(external.api_prefix, "fed.parent");
        assert_eq!(external.delivery_prefix.as_deref(), Some("fed.down.c6206"));
    }
}
