//! This node's keys and its nats-server's configuration.

use accounts::{Links, Listener, NodeKeys, Server, TlsFiles};
use anyhow::{Result, ensure};
use chassis::{config::Config, time::Time};

use super::{directory, load};
use crate::{cli::ServerConfig, local::service_credentials};

/// Makes what is missing; what exists is kept.
#[expect(clippy::print_stdout, reason = "what the operator is to configure")]
pub fn init(config: &Config) -> Result<()> {
    let keys = NodeKeys::init(directory(config)?, config.region()?)?;
    println!("# the services log in with these:");
    for (service, file) in service_credentials(&keys, &config.nats.stream)? {
        println!("[nats.services.{}]", service.schema());
        println!("credentials_file = {file:?}");
    }
    eprintln!(
        "\nkeys of {} in {}: keep a copy in a safe place. Next: `fengqiao federation server-config`, start nats-server with it.",
        keys.code(),
        keys.directory().display()
    );
    Ok(())
}

/// Prints the server's configuration file.
#[expect(clippy::print_stdout, reason = "the configuration file")]
pub fn server_config(config: &Config, wanted: &ServerConfig) -> Result<()> {
    let keys = load(config)?;
    let now = Time::system().now();
    let mut listens = wanted.leafs.iter().chain(&wanted.websocket).peekable();
    let tls = match (&wanted.certificate, &wanted.key, &wanted.ca) {
        (Some(certificate), Some(key), Some(ca)) => Some(TlsFiles {
            ca: ca.clone(),
            certificate: certificate.clone(),
            key: key.clone(),
        }),
        _ if listens.peek().is_some() => {
            let hosts: Vec<&str> = wanted.hosts.iter().map(String::as_str).collect();
            Some(accounts::local_tls(
                &keys.directory().join("tls"),
                &hosts,
                now,
            )?)
        }
        _ => None,
    };
    let listener = |address: &Option<String>| {
        let address = address.clone()?;
        Some(Listener {
            address,
            tls: tls.clone()?,
        })
    };
    let links = Links {
        accounts: keys.directory().join("accounts"),
        leafs: listener(&wanted.leafs),
        websocket: listener(&wanted.websocket),
        parent_over_websocket: wanted.parent_over_websocket,
    };
    ensure!(
        !wanted.parent_over_websocket || keys.parent()?.is_some(),
        "this node has no parent yet: `fengqiao federation join` first"
    );
    let server = Server {
        name: format!("fengqiao-{}", keys.code()),
        listen: wanted.listen.clone(),
        http: wanted.http.clone(),
        store: wanted.store.clone(),
        sync_always: true,
        max_payload: 1024 * 1024,
    };
    print!("{}", keys.server_config(&server, &links, now)?);
    Ok(())
}
