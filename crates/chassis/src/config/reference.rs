//! The configuration reference, generated from the sections.

use std::fmt::Write as _;

use super::{
    AttachmentsConfig, AuthConfig, ClocksConfig, Config, ConsumersConfig, DatabaseConfig,
    FederationConfig, HttpConfig, NatsConfig, NodeConfig, NotificationsConfig, OutboxConfig,
    PolicyConfig, TelemetryConfig,
};

/// One key of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Path in the file: `http.listen`.
    pub path: &'static str,
    /// Default as written in TOML, without quotes; empty when unset.
    pub default: &'static str,
    /// What it means, line by line.
    pub meaning: &'static [&'static str],
}

impl Key {
    /// The variable that sets this key: `FENGQIAO__HTTP__LISTEN`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("FENGQIAO__{}", self.path.replace('.', "__").to_uppercase())
    }
}

impl Config {
    /// Every key of every section of the chassis.
    pub fn keys() -> impl Iterator<Item = &'static Key> {
        [
            NodeConfig::KEYS,
            HttpConfig::KEYS,
            AuthConfig::KEYS,
            DatabaseConfig::KEYS,
            NatsConfig::KEYS,
            TelemetryConfig::KEYS,
            PolicyConfig::KEYS,
            OutboxConfig::KEYS,
            ConsumersConfig::KEYS,
            ClocksConfig::KEYS,
            FederationConfig::KEYS,
            AttachmentsConfig::KEYS,
            NotificationsConfig::KEYS,
        ]
        .into_iter()
        .flatten()
    }

    /// A Markdown table of every key with its default and meaning.
    #[must_use]
    pub fn reference() -> String {
        Self::reference_with(&[])
    }

    /// The same, with the sections that the services own.
    #[must_use]
    pub fn reference_with(services: &[&'static [Key]]) -> String {
        let mut table = String::from("| Key | Variable | Default | Meaning |\n|---|---|---|---|\n");
        for key in Self::keys().chain(services.iter().copied().flatten()) {
            let default = if key.default.is_empty() {
                "–".to_owned()
            } else {
                format!("`{}`", key.default)
            };
            let meaning: Vec<&str> = key.meaning.iter().map(|line| line.trim()).collect();
            let meaning = meaning.join(" ").replace('|', "\\|");
            // Writing to a String cannot fail.
            let _ = writeln!(
                table,
                "| `{}` | `{}` | {default} | {meaning} |",
                key.path,
                key.variable()
            );
        }
        table
    }
}
