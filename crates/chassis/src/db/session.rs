//! One connection to a service's schema, opened on the shared runtime.

use std::{path::Path, sync::Arc, time::Duration};

use contracts::Service;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use secrecy::ExposeSecret as _;
use tokio::runtime::Handle;
use tokio_postgres::{
    AsyncMessage, Client, Connection, Socket, config::SslMode, tls::MakeTlsConnect,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::config::DatabaseConfig;

/// How to reach a schema: server, database, role, search path and time-outs.
#[derive(Clone)]
pub struct DbUrl {
    config: tokio_postgres::Config,
    /// Asked only when `config` wants an encrypted connection.
    tls: MakeRustlsConnect,
}

/// What the bytes of a connection go through.
type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// Why a connection could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The address in the configuration cannot be read.
    #[error("database.url cannot be read: {0}")]
    Url(String),
    /// `migrate` and `up` need the owner's address.
    #[error("database.admin_url is not set")]
    NoAdminUrl,
    /// The certificates in the configuration cannot be used.
    #[error("database.ca_file: {0}")]
    Certificates(String),
    /// The server cannot be reached or refuses.
    #[error("PostgreSQL: {0}")]
    Connect(String),
}

impl DbUrl {
    /// The schema of a service, as its own role.
    ///
    /// # Errors
    /// When the configured address or the certificates cannot be read.
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
        Self::with_defaults(pg, config)
    }

    /// The database as its owner.
    ///
    /// # Errors
    /// When no owner's address is configured, or it or the certificates cannot be read.
    pub fn of_admin(config: &DatabaseConfig) -> Result<Self, SessionError> {
        let url = config.admin_url.as_ref().ok_or(SessionError::NoAdminUrl)?;
        let mut pg = parse(url.expose_secret())?;
        pg.application_name("fengqiao/admin");
        Self::with_defaults(pg, config)
    }

    fn with_defaults(
        mut pg: tokio_postgres::Config,
        config: &DatabaseConfig,
    ) -> Result<Self, SessionError> {
        pg.connect_timeout(config.connect_timeout);
        pg.keepalives_idle(Duration::from_secs(30));
        let roots = match &config.ca_file {
            Some(file) => {
                pg.ssl_mode(SslMode::Require);
                authorities(file)?
            }
            None if pg.get_ssl_mode() == SslMode::Require => {
                let text = "the address says sslmode=require, and no authority is named";
                return Err(SessionError::Certificates(text.to_owned()));
            }
            None => {
                pg.ssl_mode(SslMode::Disable);
                RootCertStore::empty()
            }
        };
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| SessionError::Certificates(e.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            config: pg,
            tls: MakeRustlsConnect::new(tls),
        })
    }

    /// Opens a connection whose I/O is driven by the current runtime.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(super) async fn open(&self) -> Result<(Client, Connection<Socket, Stream>), SessionError> {
        self.config
            .connect(self.tls.clone())
            .await
            .map_err(|e| SessionError::Connect(text(&e)))
    }
}

/// The certificates in a file.
fn authorities(file: &Path) -> Result<RootCertStore, SessionError> {
    let bad = |why: String| SessionError::Certificates(format!("{}: {why}", file.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| bad(e.to_string()))? {
        let certificate = certificate.map_err(|e| bad(e.to_string()))?;
        roots.add(certificate).map_err(|e| bad(e.to_string()))?;
    }
    if roots.is_empty() {
        return Err(bad("no certificate in it".to_owned()));
    }
    Ok(roots)
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
