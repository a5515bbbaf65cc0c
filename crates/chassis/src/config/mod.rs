//! Layered configuration: defaults < a TOML file < `FENGQIAO__SECTION__KEY` variables.
//!
//! Every section is strict: a key nobody knows stops the start and is named with its path. Every secret has a twin that
//! ends in `_file` and is read from there. [`Config::validate`] reports all mistakes at once, and
//! [`Config::reference`] prints what can be configured, from the same source as the structs themselves.

mod attachments;
mod auth;
mod database;
mod delivery;
mod error;
mod federation;
mod http;
mod load;
mod nats;
mod node;
mod notifications;
mod reference;
mod secret;
mod section;
mod telemetry;
mod validate;
mod values;

use std::collections::BTreeMap;

use contracts::Service;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use attachments::AttachmentsConfig;
pub use auth::AuthConfig;
pub use database::DatabaseConfig;
pub use delivery::{ClocksConfig, ConsumersConfig, OutboxConfig};
pub use error::{ConfigError, Mistake};
pub use federation::FederationConfig;
pub use http::HttpConfig;
pub use load::{CONFIG_FILE_VARIABLE, Sources};
pub use nats::NatsConfig;
pub use node::{NodeConfig, PolicyConfig};
pub use notifications::NotificationsConfig;
pub use reference::Key;
pub use secret::Login;
pub use telemetry::{LogFormat, TelemetryConfig};
pub use values::{duration, durations};

/// The whole configuration of one process.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Which node this is.
    pub node: NodeConfig,
    /// The HTTP server.
    pub http: HttpConfig,
    /// Who issues the tokens that callers show.
    pub auth: AuthConfig,
    /// PostgreSQL.
    pub database: DatabaseConfig,
    /// The message bus.
    pub nats: NatsConfig,
    /// Logs and traces.
    pub telemetry: TelemetryConfig,
    /// The policy pack.
    pub policy: PolicyConfig,
    /// Publishing of events.
    pub outbox: OutboxConfig,
    /// Receiving of events.
    pub consumers: ConsumersConfig,
    /// The job that looks for due clocks.
    pub clocks: ClocksConfig,
    /// The nodes above and below.
    pub federation: FederationConfig,
    /// Where files people hand in lie.
    pub attachments: AttachmentsConfig,
    /// Messages to the people of a case.
    pub notifications: NotificationsConfig,
    /// One section a service, read by the service itself through [`Config::service`].
    pub services: BTreeMap<String, ::config::Value>,
}

impl Config {
    /// Reads the process's own sources: the given file (or the one `FENGQIAO_CONFIG` names) and the environment.
    ///
    /// # Errors
    /// See [`Sources::load`].
    pub fn load(file: Option<std::path::PathBuf>) -> Result<Self, ConfigError> {
        Sources::of_process(file).load()
    }

    /// The section `[services.<name>]` (with `_` for `-`), which only that service understands. Without one, the
    /// section's defaults.
    ///
    /// # Errors
    /// A key that `T` does not know, or a value of another type, with its path.
    pub fn service<T: DeserializeOwned>(&self, service: Service) -> Result<T, ConfigError> {
        let name = service.schema();
        let value = self.services.get(&name).cloned().unwrap_or_else(|| {
            ::config::Value::from(::config::Map::<String, ::config::Value>::new())
        });
        serde_path_to_error::deserialize(value)
            .map_err(|error| ConfigError::key(&format!("services.{name}"), &error))
    }
}
