//! The command line.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};
use contracts::Service;
use uuid::Uuid;

/// Fengqiao 枫桥: one-stop settlement of disputes.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// Configuration file (TOML); FENGQIAO_CONFIG does the same. Environment variables FENGQIAO__SECTION__KEY go before it.
    #[arg(long, global = true)]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run one service, or all of them in one process.
    Serve {
        /// A service's name, or `all`.
        #[arg(value_parser = services)]
        services: Services,
    },
    /// Bring the database up to this release: schemas, roles, migrations.
    Migrate,
    /// Run a node to play with on this machine; Ctrl-C stops all of it, its data stay.
    Up {
        /// Where its data are.
        #[arg(long, default_value = ".data/up")]
        data: PathBuf,
        /// Port of the API.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Play a city's half year of disputes through a node of its own, and check what comes out.
    Demo {
        /// Where its data are; emptied first.
        #[arg(long, default_value = ".data/demo")]
        data: PathBuf,
        /// Where the report goes.
        #[arg(long, default_value = "target/demo/report.json")]
        report: PathBuf,
        /// Play only every n-th matter, for a quick look; the published figures are then not reached.
        #[arg(long, default_value_t = 1)]
        every: usize,
    },
    /// The events a service has published.
    Outbox {
        /// What to do with them.
        #[command(subcommand)]
        command: OutboxCommand,
    },
    /// The events a service could not apply.
    DeadLetters {
        /// What to do with them.
        #[command(subcommand)]
        command: DeadLettersCommand,
    },
    /// Make a projection anew from the log of events.
    Rebuild {
        /// Whose.
        #[command(subcommand)]
        command: RebuildCommand,
    },
    /// For every consumer: events published for it, applied, and dead letters. Fails when they differ.
    Reconcile,
    /// Print the `authorization` block for a node's nats-server: a login a service with only what it needs. Passwords are
    /// read from the configuration.
    NatsAuthorization,
    /// Read the configuration and the policy pack and say what is wrong with them.
    Check,
}

/// What to do with published events.
#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// Publish events again; consumers ignore those they have applied.
    Replay {
        /// From this time on, RFC 3339.
        #[arg(long)]
        since: DateTime<Utc>,
        /// Of this service only.
        #[arg(long)]
        service: Option<Service>,
    },
}

/// What to do with dead letters.
#[derive(Debug, Subcommand)]
pub enum DeadLettersCommand {
    /// List them.
    List {
        /// Of this service only.
        #[arg(long)]
        service: Option<Service>,
    },
    /// Show one with its body.
    Show {
        /// The event.
        event_id: Uuid,
    },
    /// Try one again, or all of a service.
    Replay {
        /// The event.
        #[arg(required_unless_present = "all")]
        event_id: Option<Uuid>,
        /// All of them.
        #[arg(long, conflicts_with = "event_id")]
        all: bool,
        /// Of this service only.
        #[arg(long)]
        service: Option<Service>,
    },
    /// Drop one for good.
    Drop {
        /// The event.
        event_id: Uuid,
    },
}

/// What can be made anew.
#[derive(Debug, Subcommand)]
pub enum RebuildCommand {
    /// Ledger and statistics.
    Reporting,
}

/// One service or all.
#[derive(Debug, Clone)]
pub struct Services(pub Vec<Service>);

fn services(text: &str) -> Result<Services, String> {
    if text == "all" {
        return Ok(Services(Service::ALL.to_vec()));
    }
    text.parse()
        .map(|service| Services(vec![service]))
        .map_err(|e: contracts::UnknownText| format!("{e}, all"))
}
