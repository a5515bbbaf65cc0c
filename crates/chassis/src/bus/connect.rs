//! A service's connection to the bus.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use async_nats::{Client, ConnectOptions, HeaderMap, jetstream};
use contracts::Service;
use secrecy::ExposeSecret as _;
use tokio::sync::watch;

use crate::config::NatsConfig;

/// Oldest nats-server that does not lose events silently when a store is lost.
pub const MINIMUM_SERVER: (u64, u64, u64) = (2, 15, 0);

/// What can go wrong on the bus.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The server cannot be reached or refuses the login.
    #[error("nats: {0}")]
    Connect(String),
    /// The server is too old.
    #[error("nats-server {found} is too old: at least {}.{}.{} is needed", MINIMUM_SERVER.0, MINIMUM_SERVER.1, MINIMUM_SERVER.2)]
    OldServer {
        /// Its version.
        found: String,
    },
    /// The stream cannot be made or read.
    #[error("stream {stream}: {text}")]
    Stream {
        /// Its name.
        stream: String,
        /// What the server said.
        text: String,
    },
    /// The server made another consumer than the one asked for.
    #[error("consumer {consumer}: the server has {field} = {found}, asked was {asked}")]
    ConsumerDiffers {
        /// Its name.
        consumer: String,
        /// The field that differs.
        field: &'static str,
        /// What was asked for.
        asked: String,
        /// What the server has.
        found: String,
    },
    /// The set of nodes below has changed: what depends on it is made anew.
    #[error("the nodes below have changed")]
    Reshaped,
    /// The consumer has given an event to somebody else.
    #[error("an earlier reader was still given events")]
    Shared,
    /// PostgreSQL is in the way.
    #[error("{0}")]
    Database(String),
}

/// A service's connection. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    pub(super) client: Client,
    pub(super) jetstream: jetstream::Context,
    pub(super) service: Service,
    pub(super) stream: String,
    /// Name of the durable consumer.
    pub(super) durable: String,
    /// How the stream should be, and for a stream between nodes which subjects are read.
    pub(super) shape: watch::Receiver<Shape>,
    pub(super) stamp: Option<Stamp>,
    /// Between nodes: generation of the database that has what was read.
    pub(super) epoch: Option<u32>,
}

/// How a stream should be. It changes when a node below is added or removed.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Its configuration.
    pub stream: jetstream::stream::Config,
    /// The subjects to read; with none there is nothing to read yet.
    pub subjects: Vec<String>,
}

/// Adds headers to a message before it leaves: its headers, its subject, its body.
pub type Stamp = Arc<dyn Fn(&mut HeaderMap, &str, &[u8]) + Send + Sync>;

impl Bus {
    /// Connects with the service's own login and checks the server's version. Must be called on the shared runtime.
    ///
    /// # Errors
    /// No server, a refused login, or a server that is too old.
    pub async fn connect(config: &NatsConfig, service: Service) -> Result<Self, BusError> {
        let credentials = match &config.credentials_of(service) {
            Some(file) => Some(std::fs::read_to_string(file).map_err(|e| {
                BusError::Connect(format!("nats credentials {}: {e}", file.display()))
            })?),
            None => None,
        };
        Self::open(config, service, credentials.as_deref()).await
    }

    /// Connects to the account of the streams between nodes, on the same server. Must be called on the shared runtime.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn connect_with(
        config: &NatsConfig,
        service: Service,
        credentials: &str,
    ) -> Result<Self, BusError> {
        Self::open(config, service, Some(credentials)).await
    }

    async fn open(
        config: &NatsConfig,
        service: Service,
        credentials: Option<&str>,
    ) -> Result<Self, BusError> {
        let servers: Vec<&str> = config.url.split(',').map(str::trim).collect();
        let mut attempts = 1..=LOGINS;
        let client = loop {
            let options = options(config, service, credentials)?;
            match (options.connect(servers.clone()).await, attempts.next()) {
                (Ok(client), _) => break client,
                // The server gives up on a login after two seconds. A busy one takes the next.
                (Err(error), Some(_)) if is_late(&error) => {}
                (Err(error), _) => return Err(BusError::Connect(error.to_string())),
            }
        };
        check_version(&client.server_info().version)?;
        let mut jetstream = jetstream::new(client.clone());
        jetstream.set_timeout(config.request_timeout);
        let shape = Shape {
            stream: super::stream::events(config),
            subjects: Vec::new(),
        };
        Ok(Self {
            client,
            jetstream,
            service,
            stream: config.stream.clone(),
            durable: service.to_string(),
            shape: watch::channel(shape).1,
            stamp: None,
            epoch: None,
        })
    }

    /// The same connection for a stream between nodes, read by the durable consumer `desk`. With a higher `epoch` than
    /// before, the database was restored from a backup: the stream is read from its beginning again.
    #[must_use]
    pub fn on_stream(
        &self,
        shape: watch::Receiver<Shape>,
        stamp: Option<Stamp>,
        epoch: u32,
    ) -> Self {
        let stream = shape.borrow().stream.name.clone();
        Self {
            stream,
            durable: "desk".to_owned(),
            shape,
            stamp,
            epoch: Some(epoch),
            ..self.clone()
        }
    }

    /// The service whose connection this is.
    #[must_use]
    pub fn service(&self) -> Service {
        self.service
    }

    /// How often the server was connected to: another number than before means that it was away.
    pub(super) fn connects(&self) -> u64 {
        let statistics = self.client.statistics();
        statistics.connects.load(Ordering::Relaxed)
    }

    /// Whether the server answers now, and is not an older one than it was at the start.
    ///
    /// # Errors
    /// When it does not, or is too old.
    pub async fn check(&self) -> Result<(), BusError> {
        if self.client.connection_state() != async_nats::connection::State::Connected {
            return Err(BusError::Connect("not connected".to_owned()));
        }
        check_version(&self.client.server_info().version)?;
        self.client
            .flush()
            .await
            .map_err(|e| BusError::Connect(e.to_string()))
    }
}

/// Prefix of a service's own inboxes: nobody else may listen there.
pub(super) fn inbox_prefix(service: Service) -> String {
    format!("_INBOX_{}", service.schema())
}

/// Refuses a server that is too old.
fn check_version(version: &str) -> Result<(), BusError> {
    let old = || BusError::OldServer {
        found: version.to_owned(),
    };
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    let mut parts = plain.split('.').map(str::parse::<u64>);
    let mut next = || parts.next().and_then(Result::ok).ok_or_else(old);
    if (next()?, next()?, next()?) < MINIMUM_SERVER {
        Err(old())
    } else {
        Ok(())
    }
}

/// How often a server that is too busy to take a login is asked again.
const LOGINS: u32 = 5;

fn is_late(error: &async_nats::ConnectError) -> bool {
    let text = error.to_string().to_ascii_lowercase();
    text.contains("authentication timeout")
}

fn options(
    config: &NatsConfig,
    service: Service,
    credentials: Option<&str>,
) -> Result<ConnectOptions, BusError> {
    let login = config.login(service);
    let mut options = ConnectOptions::new()
        .name(format!("fengqiao/{service}"))
        .custom_inbox_prefix(inbox_prefix(service))
        .connection_timeout(config.connect_timeout)
        .request_timeout(Some(config.request_timeout))
        .reconnect_delay_callback(|attempt| {
            Duration::from_millis(
                u64::try_from(attempt)
                    .unwrap_or(u64::MAX)
                    .saturating_mul(100)
                    .min(2000),
            )
        });
    if let Some(credentials) = credentials {
        options = options
            .credentials(credentials)
            .map_err(|e| BusError::Connect(e.to_string()))?;
    } else if let (Some(user), Some(password)) = (login.user, login.password) {
        options = options.user_and_password(user, password.expose_secret().to_owned());
    }
    if let Some(file) = &config.ca_file {
        options = options
            .add_root_certificates(file.clone())
            .require_tls(true);
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::check_version;

    #[test]
    fn versions() {
        for good in ["2.15.0", "2.15.1", "2.15.1-beta.1", "2.16.0", "3.0.0"] {
            assert!(check_version(good).is_ok(), "{good}");
        }
        for bad in ["2.14.6", "2.9.10", "1.4.0", "", "2.15", "x"] {
            assert!(check_version(bad).is_err(), "{bad}");
        }
    }
}
