//! `fengqiao nats-authorization`: the logins of a node's nats-server.

use anyhow::{Context as _, Result};
use chassis::{bus, config::Config};
use contracts::Service;
use secrecy::ExposeSecret as _;

/// Prints the block. It holds the passwords: it belongs into a secret.
#[expect(clippy::print_stdout, reason = "the command's output")]
pub fn run(config: &Config) -> Result<()> {
    for service in Service::ALL {
        config
            .nats
            .login(*service)
            .password
            .with_context(|| format!("nats.services.{service}.password is not set"))?;
    }
    let password = |service: Service| {
        config
            .nats
            .login(service)
            .password
            .map(|p| p.expose_secret().to_owned())
            .unwrap_or_default()
    };
    print!("{}", bus::authorization(&config.nats.stream, password));
    Ok(())
}
