//! The command line.

mod deploy;

use std::{path::PathBuf, time::Duration};

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};
use contracts::{Service, region::RegionCode};
use uuid::Uuid;

pub use deploy::{SecretFormat, SecretOptions, SecretsCommand, Smoke};

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
    /// Return when the schemas are what this release needs; wait while PostgreSQL is away or `migrate` runs.
    WaitSchema {
        /// A service's name, or `all`.
        #[arg(default_value = "all", value_parser = services)]
        services: Services,
        /// Longest wait; then it fails.
        #[arg(long, default_value = "10m", value_parser = deploy::duration)]
        timeout: Duration,
    },
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
    /// For every consumer: events published for it, applied, and dead letters. In a federation also: what every node below
    /// has of the period against what is here, each difference by node, day, kind and event. Fails when anything differs.
    Reconcile {
        /// A year, quarter, month or day: 2026, 2026-Q3, 2026-09, 2026-09-01; unset: the last 31 days.
        #[arg(long)]
        period: Option<String>,
    },
    /// The nodes above and below: keys, invitations, how the links stand.
    Federation {
        /// What to do.
        #[command(subcommand)]
        command: FederationCommand,
    },
    /// Print the `authorization` block for a node's nats-server: a login a service with only what it needs. Passwords are
    /// read from the configuration.
    NatsAuthorization,
    /// Read the configuration and the policy pack and say what is wrong with them.
    Check,
    /// Look at everything a node needs and say of each whether it is well. Fails when something is not.
    Doctor,
    /// Send a test matter through a running node: register it, decline it, read it back from reporting. No configuration is
    /// needed.
    Smoke(Smoke),
    /// Take over data of other systems through the API of a running node. No configuration is needed.
    Import {
        /// What to take over.
        #[command(subcommand)]
        command: ImportCommand,
    },
    /// Keys and passwords of a centre.
    Secrets {
        /// What to do.
        #[command(subcommand)]
        command: SecretsCommand,
    },
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

/// What to do about other nodes. All commands use the directory that `federation.directory` names.
#[derive(Debug, Subcommand)]
pub enum FederationCommand {
    /// Make this node's keys and the credentials of its services, once; prints what to configure.
    Init,
    /// Print the configuration file of this node's nats-server.
    ServerConfig(ServerConfig),
    /// Invite a node below: writes the file it joins with. One whose credentials stand is only linked again (after the database here
    /// was lost). The running server is not touched.
    Add(Invite),
    /// Accept the invitation of the node above.
    Join {
        /// The file it has written.
        invitation: PathBuf,
        /// Also send what happened here before.
        #[arg(long)]
        history: bool,
    },
    /// How the links stand: above, below, what is missing. Fails when something is wrong.
    Check,
    /// Invite a node below anew; the earlier credentials stay good until `retire`.
    Rotate(Invite),
    /// Take back all credentials of a node below but the newest.
    Retire {
        /// Its region code.
        code: RegionCode,
    },
    /// Take a node below off: its link is cut at once, its keys are forgotten, what it sent stays counted.
    Remove {
        /// Its region code.
        code: RegionCode,
    },
    /// Forget the keys of a node anywhere below that was set up anew, here and at the nodes around: the next it shows count.
    ForgetKeys {
        /// Its region code.
        code: RegionCode,
    },
}

/// An invitation.
#[derive(Debug, clap::Args)]
pub struct Invite {
    /// Region code of the node.
    pub code: RegionCode,
    /// Where it links to: `tls://host:7422`, or `wss://host:443` where only that passes. May be given several times.
    #[arg(long = "url", required = true)]
    pub urls: Vec<String>,
    /// Certificate authority of these addresses (PEM); unset: the one that `server-config` made, when it did.
    #[arg(long)]
    pub ca: Option<PathBuf>,
    /// Days for which the credentials are good.
    #[arg(long, default_value_t = 365)]
    pub days: u32,
    /// Where the invitation goes. It holds a secret.
    #[arg(long)]
    pub out: PathBuf,
}

/// How this node's nats-server listens.
#[derive(Debug, clap::Args)]
pub struct ServerConfig {
    /// Where the services connect.
    #[arg(long, default_value = "127.0.0.1:4222")]
    pub listen: String,
    /// Where its monitoring is read.
    #[arg(long, default_value = "127.0.0.1:8222")]
    pub http: String,
    /// Where it keeps its streams.
    #[arg(long, default_value = "/var/lib/nats")]
    pub store: PathBuf,
    /// Where nodes below link to; unset: there are none.
    #[arg(long)]
    pub leafs: Option<String>,
    /// Where they link to when only HTTPS passes.
    #[arg(long)]
    pub websocket: Option<String>,
    /// Names or addresses in the certificate for them, made here unless `--certificate` is given.
    #[arg(long = "host", default_values_t = ["127.0.0.1".to_owned()])]
    pub hosts: Vec<String>,
    /// Certificate (PEM), with `--key` and `--ca`.
    #[arg(long, requires_all = ["key", "ca"])]
    pub certificate: Option<PathBuf>,
    /// Its key.
    #[arg(long)]
    pub key: Option<PathBuf>,
    /// The authority that signed it.
    #[arg(long)]
    pub ca: Option<PathBuf>,
    /// Link to the node above over its `wss://` addresses.
    #[arg(long)]
    pub parent_over_websocket: bool,
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
    /// Show one with its body and, for each service that could not apply it, why.
    Show {
        /// The event.
        event_id: Uuid,
        /// Of this service only.
        #[arg(long)]
        service: Option<Service>,
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
    /// Drop one for good. When several services have it, one must be named.
    Drop {
        /// The event.
        event_id: Uuid,
        /// Of this service.
        #[arg(long)]
        service: Option<Service>,
    },
}

/// What can be made anew.
#[derive(Debug, Subcommand)]
pub enum RebuildCommand {
    /// Ledger and statistics.
    Reporting,
}

/// What to take over from other systems.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Matters: a CSV file in UTF-8 or an Excel workbook. All of it is checked first. Sent again, nothing counts twice.
    Matters(ImportMatters),
}

/// A table of matters and where it goes.
#[derive(Debug, clap::Args)]
pub struct ImportMatters {
    /// The file: .csv or .xlsx.
    pub file: PathBuf,
    /// Where the API of intake is: `https://centre.example.gov.cn`.
    #[arg(long)]
    pub url: String,
    /// File with a token of the identity provider, good for the role window_clerk or triage_officer.
    #[arg(long)]
    pub token_file: PathBuf,
    /// The system the table comes from; a matter is taken over once for its number in it.
    #[arg(long)]
    pub system: String,
    /// Only check.
    #[arg(long)]
    pub dry_run: bool,
    /// Take over the rows that are right although others are wrong.
    #[arg(long)]
    pub valid_rows_only: bool,
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
