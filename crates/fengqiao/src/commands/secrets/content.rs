//! What is in a centre's Secret: names, values, who reads them.

use accounts::NodeKeys;
use anyhow::{Context as _, Result, anyhow};
use chassis::time::Time;
use contracts::Service;

use crate::{
    cli::SecretOptions,
    local::{credentials, random_hex},
};

/// A key of the Secret.
#[derive(Clone)]
pub struct Entry {
    /// Its name, and that of its file.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What it is and who reads it.
    pub about: String,
}

impl Entry {
    fn new(name: impl Into<String>, value: String, about: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value,
            about: about.into(),
        }
    }
}

/// The owner of the database.
const OWNER: &str = "fengqiao_owner";

/// The passwords: made here, nowhere else to be had.
pub fn passwords(keys: &NodeKeys, database: Option<&str>) -> Result<Vec<Entry>> {
    let owner = random_hex(24)?;
    let default = format!("centre-{}-postgres:5432/fengqiao", keys.code());
    let database = database.unwrap_or(&default);
    let mut entries = vec![
        Entry::new(
            "database-owner-url",
            format!("postgres://{OWNER}:{owner}@{database}"),
            "the database as its owner; `fengqiao migrate` (database.admin_url_file)",
        ),
        Entry::new(
            "database-owner-password",
            owner,
            format!(
                "password of {OWNER} alone; a PostgreSQL of the centre's own, backup and restore"
            ),
        ),
    ];
    for service in Service::ALL {
        entries.push(Entry::new(
            format!("database-{service}-password"),
            random_hex(24)?,
            format!(
                "password of the role of {service}; that service, `fengqiao migrate` (database.services.{}.password_file)",
                service.schema()
            ),
        ));
    }
    entries.push(Entry::new(
        "nats-routes-password",
        random_hex(24)?,
        "between the servers of one nats-server cluster; nats-server",
    ));
    entries.push(Entry::new(
        "backup-key",
        random_hex(32)?,
        "what dumps are encrypted with; backup, restore and drill. Keep a copy: without it they cannot be read",
    ));
    Ok(entries)
}

/// What comes from the folder of keys; the same again until something in it changes.
pub fn of_keys(keys: &NodeKeys, wanted: &SecretOptions) -> Result<Vec<Entry>> {
    let now = Time::system().now();
    let mut entries = Vec::new();
    for &service in Service::ALL {
        entries.push(Entry::new(
            format!("nats-{service}.creds"),
            credentials(keys, service, &wanted.stream)?,
            format!(
                "credentials of {service} at nats-server; that service (nats.services.{}.credentials_file)",
                service.schema()
            ),
        ));
    }
    for (name, value) in keys.handout(&wanted.accounts, now)? {
        let about = about(&name).with_context(|| format!("nobody reads {name}"))?;
        entries.push(Entry::new(name, value, about));
    }
    let read = |file: &std::path::Path| {
        std::fs::read_to_string(file).with_context(|| file.display().to_string())
    };
    let pair = match (&wanted.certificate, &wanted.key) {
        (Some(certificate), Some(key)) => Some((read(certificate)?, read(key)?)),
        _ if wanted.hosts.is_empty() => None,
        _ => {
            let hosts: Vec<&str> = wanted.hosts.iter().map(String::as_str).collect();
            let tls = accounts::local_tls(&keys.directory().join("tls"), &hosts, now)?;
            Some((read(&tls.certificate)?, read(&tls.key)?))
        }
    };
    if let Some((certificate, key)) = pair {
        let about = "where nodes below link to; nats-server";
        entries.push(Entry::new(
            "leaf.crt",
            certificate,
            format!("certificate {about}"),
        ));
        entries.push(Entry::new("leaf.key", key, format!("its key; {about}")));
    }
    match entries.iter().find(|entry| !plain(&entry.name)) {
        Some(entry) => Err(anyhow!("{} is no key of a Secret", entry.name)),
        None => Ok(entries),
    }
}

fn about(name: &str) -> Option<&'static str> {
    Some(match name {
        "federation.creds" => {
            "credentials of the border desk for the streams between nodes; federation (federation.directory)"
        }
        "system.creds" => {
            "credentials for questions about the links; `fengqiao doctor`, `federation check` (federation.directory)"
        }
        "accounts.conf" => "operator and account JWTs; included by nats-server",
        "link.conf" => {
            "the account the link to the node above ends in; included by nats-server when there is one"
        }
        "node.json" => "whose keys these are; federation (federation.directory)",
        "node-signing.seed" => "signs what goes to other nodes; federation (federation.directory)",
        "node-sealing.seed" => {
            "opens dossiers that are for this node; federation (federation.directory)"
        }
        "parent.json" => "the node above and its keys; federation (federation.directory)",
        "parent.creds" => "credentials of the link to the node above; nats-server",
        "parent-ca.pem" => "certificate authority of the node above; nats-server",
        _ => return None,
    })
}

fn plain(name: &str) -> bool {
    name.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
}
