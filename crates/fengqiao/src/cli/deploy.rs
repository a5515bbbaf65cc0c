//! The commands around a deployment: waiting, trying, looking, secrets.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Subcommand, ValueEnum};
use contracts::region::RegionCode;
use serde::de::{IntoDeserializer as _, value};

/// A test matter and where it goes.
#[derive(Debug, Args)]
pub struct Smoke {
    /// Where the API is: `https://centre.example.gov.cn`. With a process a service, `{service}` stands for its name:
    /// `http://centre-620602-{service}:8080`.
    #[arg(long)]
    pub url: String,
    /// File with a token of the identity provider, good for the roles window_clerk, triage_officer and coordinator.
    #[arg(long)]
    pub token_file: PathBuf,
    /// Region of the matter: the node's, or one under it.
    #[arg(long)]
    pub region: RegionCode,
    /// Longest time for all of it.
    #[arg(long, default_value = "60s", value_parser = duration)]
    pub within: Duration,
    /// Accept the matter, so that triage gets it. It then stays an open case and is counted: not on a node that serves people.
    #[arg(long)]
    pub through_triage: bool,
    /// File with the certificate authority to trust, besides the system's.
    #[arg(long)]
    pub ca: Option<PathBuf>,
}

/// What to do about secrets.
#[derive(Debug, Subcommand)]
pub enum SecretsCommand {
    /// Make keys and passwords of a centre and print its Secret, once. No configuration is needed.
    Init {
        /// Region code of the centre.
        #[arg(long)]
        centre: RegionCode,
        /// Host, port and name of the database, as the services reach it; unset: `centre-<code>-postgres:5432/fengqiao`.
        #[arg(long)]
        database: Option<String>,
        /// What goes into it.
        #[command(flatten)]
        secret: SecretOptions,
    },
    /// Print anew what comes from the keys, without passwords: after joining, renewing, taking a node off, or for a new
    /// certificate. For `kubectl patch secret <name> --patch-file <file>`.
    Refresh {
        /// What goes into it.
        #[command(flatten)]
        secret: SecretOptions,
    },
}

/// How a Secret is written.
#[derive(Debug, Args)]
pub struct SecretOptions {
    /// Folder of the centre's keys on this machine, made when it is missing. It signs invitations and accounts: keep it, and a
    /// copy, where nothing runs.
    #[arg(long)]
    pub keys: PathBuf,
    /// An invitation of the node above, to be accepted as `federation join` does.
    #[arg(long)]
    pub parent_invitation: Option<PathBuf>,
    /// Names or addresses under which nodes below reach this one's nats-server: a certificate for them is made here.
    #[arg(long = "host", conflicts_with = "certificate")]
    pub hosts: Vec<String>,
    /// A certificate (PEM) instead, with `--key`.
    #[arg(long, requires = "key")]
    pub certificate: Option<PathBuf>,
    /// Its key.
    #[arg(long, requires = "certificate")]
    pub key: Option<PathBuf>,
    /// Name of the Secret; unset: `centre-<code>`.
    #[arg(long)]
    pub name: Option<String>,
    /// Its namespace.
    #[arg(long)]
    pub namespace: Option<String>,
    /// Name of the stream that holds the events, when `nats.stream` is another one.
    #[arg(long, default_value = "EVENTS")]
    pub stream: String,
    /// Where nats-server keeps the account JWTs it is sent: on its volume.
    #[arg(long, default_value = "/data/accounts")]
    pub accounts: PathBuf,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = SecretFormat::Kubernetes)]
    pub format: SecretFormat,
    /// New file, or for `directory` new folder, it goes to; unset: the standard output.
    #[arg(long, required_if_eq("format", "directory"))]
    pub out: Option<PathBuf>,
}

/// How a Secret is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SecretFormat {
    /// A Secret in YAML.
    Kubernetes,
    /// A file a key.
    Directory,
}

/// A duration as the configuration has it: `30s`, `10m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let text: value::StrDeserializer<'_, value::Error> = text.into_deserializer();
    chassis::config::duration(text).map_err(|error| error.to_string())
}
