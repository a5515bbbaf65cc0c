//! `fengqiao wait-schema`: returns when the schemas are what this release needs.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use chassis::{
    config::Config,
    db::{DbUrl, MigrateError, SessionError, check_release},
};
use contracts::Service;

use crate::modules;

/// How long between two looks.
const AGAIN: Duration = Duration::from_secs(1);

/// Waits while PostgreSQL is away, the roles are not there yet or `migrate` is running; for longer than `limit` it fails.
pub async fn run(config: &Config, services: &[Service], limit: Duration) -> Result<()> {
    let started = Instant::now();
    let mut told = String::new();
    loop {
        let error = match ready(config, services).await {
            Ok(()) => {
                eprintln!("the schema is ready");
                return Ok(());
            }
            Err(error) => error,
        };
        if hopeless(&error) {
            return Err(error.into());
        }
        if started.elapsed() >= limit {
            bail!("not ready after {limit:?}: {error}");
        }
        let text = error.to_string();
        if text != told {
            eprintln!("waiting: {text}");
            told = text;
        }
        tokio::time::sleep(AGAIN.min(limit)).await;
    }
}

async fn ready(config: &Config, services: &[Service]) -> Result<(), MigrateError> {
    for schema in modules::schemas(services) {
        let url = DbUrl::of_service(&config.database, schema.service)?;
        check_release(&url, &schema).await?;
    }
    Ok(())
}

/// What no waiting cures: a wrong address, a release or a server that is too old.
fn hopeless(error: &MigrateError) -> bool {
    matches!(
        error,
        MigrateError::Ahead { .. }
            | MigrateError::OldServer { .. }
            | MigrateError::Session(
                SessionError::Url(_) | SessionError::NoAdminUrl | SessionError::Certificates(_)
            )
    )
}
