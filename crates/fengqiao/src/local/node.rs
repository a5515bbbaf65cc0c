//! A node of one's own: PostgreSQL, nats-server and all six services, on free ports of the loopback address.

use std::{net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context as _, Result};
use chassis::{
    config::{Config, Login},
    lifecycle::Lifecycle,
};
use contracts::Service;
use secrecy::ExposeSecret as _;
use servers::{NatsOptions, PostgresOptions, PrivateNats, PrivatePostgres};

use super::issuer::{DevIssuer, ISSUER, write_private};
use crate::{commands::start, modules};

/// What has to survive what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Committed and acknowledged means on disk.
    Durably,
    /// A killed process loses nothing, a power cut everything: for data nobody needs afterwards.
    ForNow,
}

/// A running node. Dropping it stops its servers.
pub struct LocalNode {
    /// Where the API is.
    pub address: SocketAddr,
    /// Who signs its tokens.
    pub issuer: DevIssuer,
    /// How it is configured.
    pub config: Config,
    lifecycle: Lifecycle,
    nats: PrivateNats,
    postgres: PrivatePostgres,
}

impl LocalNode {
    /// Starts a node for `region` whose data are in `directory`; what was stored there is there again.
    pub async fn start(
        directory: &Path,
        region: &str,
        listen: SocketAddr,
        keep: Keep,
    ) -> Result<Self> {
        anyhow::ensure!(
            listen.ip().is_loopback(),
            "a node with the development issuer listens on loopback only"
        );
        std::fs::create_dir_all(directory).with_context(|| directory.display().to_string())?;
        let directory = directory.canonicalize()?;
        let secret = secret(&directory)?;
        let options = PostgresOptions {
            durable: keep == Keep::Durably,
            ..PostgresOptions::default()
        };
        let postgres = PrivatePostgres::start(&directory.join("postgres"), options).await?;
        let logins = chassis::bus::authorization("EVENTS", |_| secret.clone());
        let nats_options = NatsOptions {
            config: logins,
            sync_always: keep == Keep::Durably,
            ..NatsOptions::default()
        };
        let nats = PrivateNats::start(&directory.join("nats"), nats_options).await?;
        let issuer = DevIssuer::load(&directory, chrono::Duration::days(30))?;
        let jwks = directory.join("jwks.json");
        std::fs::write(&jwks, issuer.jwks())?;

        let mut config = Config::default();
        region.clone_into(&mut config.node.region);
        config.http.listen = listen;
        ISSUER.clone_into(&mut config.auth.issuer);
        config.auth.jwks_file = Some(jwks);
        config.database.url = postgres.url("fengqiao", "fengqiao");
        config.database.password = Some(secret.clone().into());
        config.database.admin_url = Some(postgres.url("fengqiao", "postgres").into());
        config.nats.url = nats.url();
        for service in Service::ALL {
            let login = Login {
                user: Some(service.to_string()),
                password: Some(secret.clone().into()),
                password_file: None,
            };
            config.nats.services.insert(service.schema(), login);
        }
        // A laptop has few cores: more connections would only wait for them.
        config.database.pool_size = 4;
        if keep == Keep::ForNow {
            // Thousands of cases and nobody who waits: events travel in larger batches.
            config.outbox.linger = Duration::from_millis(100);
        }
        // One person plays everybody here.
        config.http.rate_per_second = 10_000;
        config.http.rate_burst = 10_000;
        create_database(&postgres.admin_url()).await?;
        chassis::db::migrate(&config.database, &modules::schemas(Service::ALL)).await?;
        write_private(
            &directory.join("fengqiao.toml"),
            config_file(&config, &secret)?.as_bytes(),
        )?;
        let lifecycle = Lifecycle::new();
        let address = start(config.clone(), Service::ALL, &lifecycle).await?;
        Ok(Self {
            address,
            issuer,
            config,
            lifecycle,
            nats,
            postgres,
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
        Ok(self.postgres.stop().await?)
    }
}

/// The password of every login of this node's servers: made once, kept in its data.
fn secret(directory: &Path) -> Result<String> {
    let file = directory.join("secret");
    if let Ok(secret) = std::fs::read_to_string(&file) {
        return Ok(secret);
    }
    let mut bytes = [0_u8; 24];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| anyhow::anyhow!("no randomness"))?;
    let secret: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    write_private(&file, secret.as_bytes())?;
    Ok(secret)
}

async fn create_database(admin_url: &str) -> Result<()> {
    let (client, connection) = tokio_postgres::connect(admin_url, tokio_postgres::NoTls).await?;
    let driving = async { connection.await.context("PostgreSQL") };
    let creating = async move {
        if client
            .query_opt("SELECT 1 FROM pg_database WHERE datname = 'fengqiao'", &[])
            .await?
            .is_none()
        {
            client.batch_execute("CREATE DATABASE fengqiao").await?;
        }
        anyhow::Ok(())
    };
    // The connection ends when the client is dropped.
    tokio::try_join!(driving, creating)?;
    Ok(())
}

/// The same configuration as a file, for the other commands: `fengqiao --config <data>/fengqiao.toml dead-letters list`.
fn config_file(config: &Config, secret: &str) -> Result<String> {
    let admin = config
        .database
        .admin_url
        .as_ref()
        .context("no admin address")?;
    let jwks = config.auth.jwks_file.as_ref().context("no keys")?;
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
    for service in Service::ALL {
        text.push_str(&format!(
            "\n[nats.services.{}]\nuser = \"{service}\"\npassword = \"{secret}\"\n",
            service.schema()
        ));
    }
    Ok(text)
}
