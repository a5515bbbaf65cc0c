//! A node of one's own: PostgreSQL, nats-server and all seven services, on free ports of the loopback address.

use std::{net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context as _, Result};
use chassis::{
    config::{Config, Login},
    lifecycle::Lifecycle,
};
use contracts::Service;
use secrecy::ExposeSecret as _;
use servers::{NatsOptions, PostgresOptions, PrivateNats, PrivatePostgres};

use super::{
    federated::Federated,
    issuer::{DevIssuer, ISSUER, write_private},
};
use crate::{commands::start, modules};

/// What has to survive what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Committed and acknowledged means on disk.
    Durably,
    /// A killed process loses nothing, a power cut everything: for data nobody needs afterwards.
    ForNow,
}

/// How a local node is started.
pub struct LocalOptions<'a> {
    /// Where its data are.
    pub directory: &'a Path,
    /// Which region it serves.
    pub region: &'a str,
    /// Where its API is; a loopback address.
    pub listen: SocketAddr,
    /// What has to survive.
    pub keep: Keep,
    /// A PostgreSQL that several nodes share, each with a database of its own.
    pub postgres: Option<&'a PrivatePostgres>,
    /// Its place in a federation.
    pub federated: Option<Federated>,
    /// Connections of each service.
    pub pool_size: usize,
}

/// A running node. Dropping it stops its servers.
pub struct LocalNode {
    /// Where the API is.
    pub address: SocketAddr,
    /// Who signs its tokens.
    pub issuer: DevIssuer,
    /// How it is configured.
    pub config: Box<Config>,
    /// Its place in a federation.
    pub federated: Option<Box<Federated>>,
    lifecycle: Lifecycle,
    nats: PrivateNats,
    postgres: Option<PrivatePostgres>,
}

impl LocalNode {
    /// Starts a node; what was stored there is there again.
    pub async fn start(options: LocalOptions<'_>) -> Result<Self> {
        Box::pin(Self::begin(options)).await
    }

    async fn begin(options: LocalOptions<'_>) -> Result<Self> {
        let LocalOptions {
            directory,
            region,
            listen,
            keep,
            federated,
            ..
        } = options;
        anyhow::ensure!(
            listen.ip().is_loopback(),
            "a node with the development issuer listens on loopback only"
        );
        std::fs::create_dir_all(directory).with_context(|| directory.display().to_string())?;
        let directory = directory.canonicalize()?;
        let own_postgres = match options.postgres {
            Some(_) => None,
            None => Some(start_postgres(&directory, keep).await?),
        };
        let postgres = options
            .postgres
            .or(own_postgres.as_ref())
            .context("no PostgreSQL")?;
        // The logins of the services belong to the whole server.
        let secret = secret(match options.postgres {
            Some(_) => directory.parent().unwrap_or(&directory),
            None => &directory,
        })?;
        let database = match options.postgres {
            Some(_) => format!("fengqiao_{region}"),
            None => "fengqiao".to_owned(),
        };
        let issuer = DevIssuer::load(&directory, chrono::Duration::days(30))?;
        let jwks = directory.join("jwks.json");
        std::fs::write(&jwks, issuer.jwks())?;

        let mut config = Config::default();
        region.clone_into(&mut config.node.region);
        config.http.listen = listen;
        ISSUER.clone_into(&mut config.auth.issuer);
        config.auth.jwks_file = Some(jwks);
        // Each service logs in with its own role: the address names none.
        let url = postgres.url(&database, "nobody");
        config.database.url = url.replacen("postgres://nobody@", "postgres://", 1);
        config.database.password = Some(secret.clone().into());
        config.database.admin_url = Some(postgres.url(&database, "postgres").into());
        for service in Service::ALL {
            let login = Login {
                user: Some(service.to_string()),
                password: Some(secret.clone().into()),
                ..Login::default()
            };
            config.nats.services.insert(service.schema(), login);
        }
        // A laptop has few cores: more connections would only wait for them.
        config.database.pool_size = options.pool_size;
        if keep == Keep::ForNow {
            // Thousands of cases and nobody who waits: events travel in larger batches.
            config.outbox.linger = Duration::from_millis(100);
        }
        config.attachments.directory = Some(directory.join("attachments"));
        // One person plays everybody here.
        config.http.rate_per_second = 10_000;
        config.http.rate_burst = 10_000;
        let (accounts, domain) = match &federated {
            Some(federated) => {
                federated.configure(&mut config)?;
                let domain = accounts::domain(federated.keys.code());
                (federated.server_config()?, Some(domain))
            }
            None => {
                let logins = chassis::bus::authorization(&config.nats.stream, |_| secret.clone());
                (logins, None)
            }
        };
        let nats_options = NatsOptions {
            name: format!("fengqiao-{region}"),
            config: accounts,
            domain,
            sync_always: keep == Keep::Durably,
            ..NatsOptions::default()
        };
        let nats = PrivateNats::start(&directory.join("nats"), nats_options).await?;
        config.nats.url = nats.url();
        create_database(&postgres.admin_url(), &database).await?;
        chassis::db::migrate(&config.database, &modules::schemas(Service::ALL)).await?;
        write_private(
            &directory.join("fengqiao.toml"),
            config_file(&config)?.as_bytes(),
        )?;
        let lifecycle = Lifecycle::new();
        let address = start(config.clone(), Service::ALL, &lifecycle).await?;
        Ok(Self {
            address,
            issuer,
            config: Box::new(config),
            federated: federated.map(Box::new),
            lifecycle,
            nats,
            postgres: own_postgres,
        })
    }

    /// Works until a signal, then stops everything.
    pub async fn run(self) -> Result<()> {
        let result = self
            .lifecycle
            .run_until_stopped(self.config.http.shutdown_timeout)
            .await;
        self.stop_servers().await?;
        Ok(result?)
    }

    /// Stops everything now.
    pub async fn stop(self) -> Result<()> {
        self.lifecycle.stop();
        self.lifecycle
            .wait(self.config.http.shutdown_timeout)
            .await?;
        self.stop_servers().await
    }

    async fn stop_servers(mut self) -> Result<()> {
        self.nats.stop().await?;
        if let Some(mut postgres) = self.postgres {
            postgres.stop().await?;
        }
        Ok(())
    }

    /// Kills the node: its nats-server with SIGKILL, its services without a chance to finish. What it committed stays.
    pub async fn kill(&mut self) {
        self.lifecycle.kill();
        self.nats.kill9().await;
        _ = self.lifecycle.wait(Duration::from_secs(5)).await;
    }

    /// Starts a killed node again on its data.
    pub async fn revive(&mut self) -> Result<()> {
        self.nats.restart().await?;
        self.lifecycle = Lifecycle::new();
        let mut config = Config::clone(&self.config);
        config.http.listen = self.address;
        start(config, Service::ALL, &self.lifecycle).await?;
        Ok(())
    }
}

/// A PostgreSQL of the node's own.
pub async fn start_postgres(directory: &Path, keep: Keep) -> Result<PrivatePostgres> {
    let options = PostgresOptions {
        durable: keep == Keep::Durably,
        max_connections: 800,
        ..PostgresOptions::default()
    };
    Ok(PrivatePostgres::start(&directory.join("postgres"), options).await?)
}

/// The password of every login of this node's servers: made once, kept in its data.
fn secret(directory: &Path) -> Result<String> {
    let file = directory.join("secret");
    if let Ok(secret) = std::fs::read_to_string(&file) {
        return Ok(secret);
    }
    let secret = random_hex(24)?;
    write_private(&file, secret.as_bytes())?;
    Ok(secret)
}

/// A password: this many bytes of the system's randomness, in hexadecimal.
pub fn random_hex(bytes: usize) -> Result<String> {
    let mut random = vec![0_u8; bytes];
    aws_lc_rs::rand::fill(&mut random).map_err(|_| anyhow::anyhow!("no randomness"))?;
    Ok(random.iter().map(|b| format!("{b:02x}")).collect())
}

async fn create_database(admin_url: &str, name: &str) -> Result<()> {
    let (client, connection) = tokio_postgres::connect(admin_url, tokio_postgres::NoTls).await?;
    let driving = async { connection.await.context("PostgreSQL") };
    let creating = async move {
        if client
            .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
            .await?
            .is_none()
        {
            client
                .batch_execute(&format!("CREATE DATABASE {name}"))
                .await?;
        }
        anyhow::Ok(())
    };
    // The connection ends when the client is dropped.
    tokio::try_join!(driving, creating)?;
    Ok(())
}

/// The same configuration as a file, for the other commands: `fengqiao --config <data>/fengqiao.toml dead-letters list`.
fn config_file(config: &Config) -> Result<String> {
    let admin = config
        .database
        .admin_url
        .as_ref()
        .context("no admin address")?;
    let jwks = config.auth.jwks_file.as_ref().context("no keys")?;
    let secret = config.database.password.as_ref().context("no password")?;
    let secret = secret.expose_secret();
    let mut text = format!(
        "# Written at every start of the local node.\n[node]\nregion = \"{}\"\n\n[http]\nlisten = \"{}\"\n\n[auth]\n\
         issuer = \"{ISSUER}\"\njwks_file = {:?}\n\n[database]\nurl = \"{}\"\npassword = \"{secret}\"\nadmin_url = \"{}\"\n\n\
         [nats]\nurl = \"{}\"\n",
        config.node.region,
        config.http.listen,
        jwks,
        config.database.url,
        admin.expose_secret(),
        config.nats.url,
    );
    if let Some(directory) = &config.federation.directory {
        text.push_str(&format!("\n[federation]\ndirectory = {directory:?}\n"));
    }
    for (service, login) in &config.nats.services {
        text.push_str(&format!("\n[nats.services.{service}]\n"));
        if let (Some(user), Some(password)) = (&login.user, &login.password) {
            let password = password.expose_secret();
            text.push_str(&format!("user = \"{user}\"\npassword = \"{password}\"\n"));
        }
        if let Some(file) = &login.credentials_file {
            text.push_str(&format!("credentials_file = {file:?}\n"));
        }
    }
    Ok(text)
}
