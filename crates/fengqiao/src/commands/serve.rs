//! `fengqiao serve`: a process that works until it is told to stop.

use anyhow::{Context as _, Result};
use chassis::{config::Config, lifecycle::Lifecycle, node::Node, telemetry, time::Time};
use contracts::Service;

use crate::modules;

/// Runs the services until SIGTERM or SIGINT; a dead background task ends the process with an error.
pub async fn serve(config: Config, services: &[Service]) -> Result<()> {
    let process = match services {
        [one] => format!("fengqiao-{one}"),
        _ => "fengqiao".to_owned(),
    };
    let _telemetry =
        telemetry::init(&config.telemetry, &process, config.node_name()).context("telemetry")?;
    let lifecycle = Lifecycle::new();
    let grace = config.http.shutdown_timeout;
    start(config, services, &lifecycle).await?;
    Ok(lifecycle.run_until_stopped(grace).await?)
}

/// Starts the services in this process; gives the address of the API.
pub async fn start(
    config: Config,
    services: &[Service],
    lifecycle: &Lifecycle,
) -> Result<std::net::SocketAddr> {
    let mut node = Node::new(config, Time::system(), lifecycle.clone()).await?;
    for service in services {
        node = modules::add(node, *service)
            .await
            .with_context(|| service.to_string())?;
    }
    Ok(node.start()?)
}
