//! Which node this is, and which policy it follows.

use std::{path::PathBuf, time::Duration};

crate::config_section! {
    /// Which node this is.
    pub struct NodeConfig in "node" {
        /// Region code this node serves, with everything under it: 2, 4, 6, 9 or 12 digits. Required.
        pub region: String = String::new(), "";
        /// A name for logs and traces; unset: the region code.
        pub name: Option<String> = None, "";
        /// Generation of this node's database. Raise it by one after restoring a backup, so that others notice that its
        /// sequence of events started anew.
        pub epoch: u32 = 1, "1";
    }
}

crate::config_section! {
    /// The policy pack.
    pub struct PolicyConfig in "policy" {
        /// Folder of the policy pack, or (without `default/`) of the files that go over the pack built into the binary; unset: that pack.
        pub dir: Option<PathBuf> = None, "";
        /// How often a process looks whether a superior has handed down another policy.
        #[serde(deserialize_with = "crate::config::duration")]
        pub poll_interval: Duration = Duration::from_secs(5), "5s";
    }
}

impl super::Config {
    /// The name of this node in logs and traces.
    #[must_use]
    pub fn node_name(&self) -> &str {
        self.node.name.as_deref().unwrap_or(&self.node.region)
    }
}
