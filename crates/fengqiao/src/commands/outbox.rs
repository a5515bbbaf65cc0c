//! `fengqiao outbox`: publishing events again.

use anyhow::Result;
use chassis::{bus::replay::replay_since, config::Config};

use super::{dbs, failed};
use crate::cli::OutboxCommand;

/// Marks events for publishing again; the running relays do the rest.
pub async fn run(config: &Config, command: OutboxCommand) -> Result<()> {
    let OutboxCommand::Replay { since, service } = command;
    for db in dbs(config, service)? {
        let count = replay_since(&db, since, config.outbox.keep_days)
            .await
            .map_err(failed)?;
        eprintln!("{}: {count} events will be published again", db.service());
    }
    Ok(())
}
