//! The federation's section.

use std::{path::PathBuf, time::Duration};

crate::config_section! {
    /// The nodes above and below. Without a directory the node stands alone.
    pub struct FederationConfig in "federation" {
        /// Folder with this node's keys, made by `fengqiao federation init`; unset: not part of a federation.
        pub directory: Option<PathBuf> = None, "";
        /// Largest size of each stream between nodes in bytes; at the limit sending waits, nothing is dropped.
        pub max_bytes: i64 = 8 * 1024 * 1024 * 1024, "8589934592";
        /// How often the levels above are told how far this node is.
        #[serde(deserialize_with = "crate::config::duration")]
        pub checkpoint_interval: Duration = Duration::from_secs(60), "60s";
        /// How long something may be missing before it is asked for again.
        #[serde(deserialize_with = "crate::config::duration")]
        pub missing_after: Duration = Duration::from_secs(120), "2m";
        /// How long a node may be silent before that is an alarm.
        #[serde(deserialize_with = "crate::config::duration")]
        pub silent_after: Duration = Duration::from_secs(180), "3m";
    }
}
