//! `fengqiao federation`: joining, leaving, and how the links stand.

pub mod check;
mod join;
mod keys;
mod members;
mod trial;

use std::path::Path;

use accounts::{DeskKeys, NodeKeys};
use anyhow::{Context as _, Result};
use chassis::config::Config;
use contracts::Service;

use crate::cli::FederationCommand;

/// Does one of them.
pub async fn run(config: &Config, command: FederationCommand) -> Result<()> {
    match command {
        FederationCommand::Init => keys::init(config),
        FederationCommand::ServerConfig(server) => keys::server_config(config, &server),
        FederationCommand::Add(invite) => members::add(config, &invite).await,
        FederationCommand::Join {
            invitation,
            history,
        } => join::join(config, &invitation, history).await,
        FederationCommand::Check => check::check(config).await,
        FederationCommand::Rotate(invite) => members::rotate(config, &invite),
        FederationCommand::Retire { code } => members::retire(config, code).await,
        FederationCommand::Remove { code } => members::remove(config, code).await,
        FederationCommand::ForgetKeys { code } => members::forget_keys(config, code).await,
    }
}

fn directory(config: &Config) -> Result<&Path> {
    let directory = config.federation.directory.as_deref();
    directory.context("federation.directory is not set: it names the folder with this node's keys")
}

fn load(config: &Config) -> Result<NodeKeys> {
    Ok(NodeKeys::load(directory(config)?)?)
}

/// The border desk's schema.
fn db(config: &Config) -> Result<chassis::db::Db> {
    super::db(config, Service::Federation)
}

/// The part of the keys that runs where the services do.
fn desk(config: &Config) -> Result<DeskKeys> {
    Ok(DeskKeys::load(directory(config)?)?)
}

/// A connection of the system user to this node's running nats-server.
pub async fn system(config: &Config) -> Result<async_nats::Client> {
    let credentials = desk(config)?.system_credentials(chassis::time::Time::system().now())?;
    let mut options = async_nats::ConnectOptions::with_credentials(&credentials)?
        .custom_inbox_prefix("_INBOX_system")
        .request_timeout(Some(config.nats.request_timeout));
    if let Some(ca) = &config.nats.ca_file {
        options = options.add_root_certificates(ca.clone()).require_tls(true);
    }
    let servers: Vec<&str> = config.nats.url.split(',').map(str::trim).collect();
    options
        .connect(servers)
        .await
        .with_context(|| format!("nats-server at {}", config.nats.url))
}
