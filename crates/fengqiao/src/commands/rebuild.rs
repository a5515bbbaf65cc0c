//! `fengqiao rebuild`: a projection made anew from the log of events.

use anyhow::Result;
use chassis::config::Config;
use contracts::Service;

use super::{db, failed};
use crate::cli::RebuildCommand;

/// Rebuilds.
pub async fn run(config: &Config, command: &RebuildCommand) -> Result<()> {
    let RebuildCommand::Reporting = command;
    let events = reporting::rebuild(&db(config, Service::Reporting)?)
        .await
        .map_err(failed)?;
    eprintln!("ledger rebuilt from {events} events");
    Ok(())
}
