//! One connection to a service's schema, opened on the shared runtime.

use std::time::Duration;

use contracts::Service;
use secrecy::ExposeSecret as _;
use tokio::runtime::Handle;
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls, Socket, tls::NoTlsStream};

use crate::config::DatabaseConfig;

/// How to reach a schema: server, database, role, search path and time-outs.
#[derive(Clone)]
pub struct DbUrl {
    config: tokio_postgres::Config,
}

/// Why a connection could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The address in the configuration cannot be read.
    #[error("database.url cannot be read: {0}")]
    Url(String),
    /// `migrate` and `up` need the owner's address.
    #[error("database.admin_url is not set")]
    NoAdminUrl,
    /// The server cannot be reached or refuses.
    #[error("PostgreSQL: {0}")]
    Connect(String),
}

impl DbUrl {
    /// The schema of a service, as its own role.
    ///
    /// # Errors
    /// When the configured address cannot be read.
    pub fn of_service(config: &DatabaseConfig, service: Service) -> Result<Self, SessionError> {
        let mut pg = parse(&config.url)?;
        pg.user(config.role(service));
        if let Some(password) = config.role_password(service) {
            pg.password(password.expose_secret());
        }
        pg.options(format!(
            "-c search_path={} -c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout={}",
            service.schema(),
            config.statement_timeout.as_millis(),
            config.lock_timeout.as_millis(),
            config.idle_in_transaction_timeout.as_millis(),
        ));
        pg.application_name(format!("fengqiao/{service}"));
        Ok(Self::with_defaults(pg, config.connect_timeout))
    }

    /// The database as its owner.
    ///
    /// # Errors
    /// When no owner's address is configured or it cannot be read.
    pub fn of_admin(config: &DatabaseConfig) -> Result<Self, SessionError> {
        let url = config.admin_url.as_ref().ok_or(SessionError::NoAdminUrl)?;
        let mut pg = parse(url.expose_secret())?;
        pg.application_name("fengqiao/admin");
        Ok(Self::with_defaults(pg, config.connect_timeout))
    }

    fn with_defaults(mut config: tokio_postgres::Config, connect_timeout: Duration) -> Self {
        config.connect_timeout(connect_timeout);
        config.keepalives_idle(Duration::from_secs(30));
        Self { config }
    }

    /// Opens a connection whose I/O is driven by the current runtime.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(super) async fn open(
        &self,
    ) -> Result<(Client, Connection<Socket, NoTlsStream>), SessionError> {
        self.config
            .connect(NoTls)
            .await
            .map_err(|e| SessionError::Connect(text(&e)))
    }
}

fn parse(url: &str) -> Result<tokio_postgres::Config, SessionError> {
    // The error names the key, never the address: it may hold a password.
    url.parse::<tokio_postgres::Config>()
        .map_err(|_| SessionError::Url("not a postgres:// address".to_owned()))
}

/// The error with its cause; tokio-postgres alone says only "db error".
fn text(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{}: {}", db.code().code(), db.message()),
        None => std::error::Error::source(error)
            .map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
    }
}

/// A connection outside the pool: for a lock held as long as the session lives, for notifications, for the owner's work.
pub struct Session {
    client: Client,
    notified: tokio::sync::mpsc::Receiver<()>,
    driver: tokio::task::JoinHandle<()>,
}

impl Session {
    /// Opens it; its I/O runs on `runtime`.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn open(url: &DbUrl, runtime: &Handle) -> Result<Self, SessionError> {
        let (client, mut connection) = url.open().await?;
        // One waiting notification is enough: it only says "look again".
        let (notify, notified) = tokio::sync::mpsc::channel(1);
        let driver = runtime.spawn(async move {
            let mut messages = futures_util::stream::poll_fn(move |cx| connection.poll_message(cx));
            while let Some(Ok(message)) = futures_util::StreamExt::next(&mut messages).await {
                if matches!(message, AsyncMessage::Notification(_)) {
                    _ = notify.try_send(());
                }
            }
        });
        Ok(Self {
            client,
            notified,
            driver,
        })
    }

    /// The client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The client, for a transaction.
    pub fn client_mut(&mut self) -> &mut Client {
        &mut self.client
    }

    /// Waits for a notification; returns false when the connection is gone.
    pub async fn notified(&mut self) -> bool {
        self.notified.recv().await.is_some()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
