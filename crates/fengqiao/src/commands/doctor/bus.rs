//! nats-server: each service's login, the version, the stream and its limits, the consumers, the stores.

use accounts::{ServerState, StreamState};
use anyhow::Result;
use chassis::{
    bus::{Bus, Standing},
    config::Config,
};
use contracts::Service;

use super::{database::clock, report::Report};
use crate::commands::federation;

/// Messages a consumer may have before it.
const BEHIND: u64 = 1_000;
/// Share of a limit from which somebody should look, per cent.
const FULL: u64 = 80;

/// Looks.
pub async fn look(config: &Config, report: &mut Report) {
    let mut first = true;
    for &service in Service::ALL {
        let standing = async {
            Ok::<_, anyhow::Error>(
                Bus::connect(&config.nats, service)
                    .await?
                    .standing()
                    .await?,
            )
        };
        match standing.await {
            Ok(standing) => {
                if first {
                    report.ok(
                        "nats-server",
                        format!("version {}, JetStream answers", standing.version),
                    );
                    stream(config, &standing, report);
                    first = false;
                }
                consumer(service, &standing, report);
            }
            Err(error) => report.failed(
                &format!("nats login of {service}"),
                error,
                "is nats-server up, are the credentials those its accounts were made with?",
            ),
        }
    }
    if config.federation.directory.is_some() {
        match servers(config).await {
            Ok(servers) => stores(&servers, report),
            Err(error) => report.failed(
                "nats stores",
                error,
                "is system.creds in federation.directory, or the whole folder of keys?",
            ),
        }
    }
}

async fn servers(config: &Config) -> Result<Vec<ServerState>> {
    Ok(accounts::servers(&federation::system(config).await?).await?)
}

fn stream(config: &Config, standing: &Standing, report: &mut Report) {
    let what = format!("stream {}", config.nats.stream);
    let Some(info) = &standing.stream else {
        report.failed(
            &what,
            "not there",
            "the first service that runs makes it: is one running?",
        );
        return;
    };
    let found = format!(
        "{} messages, {} bytes, limit {}, copies {}",
        info.state.messages, info.state.bytes, info.config.max_bytes, info.config.num_replicas
    );
    if info.config.num_replicas != config.nats.replicas
        || info.config.max_bytes != config.nats.max_bytes
    {
        report.warning(
            &what,
            found,
            "its limit or copies are not those of the configuration: change the stream, or nats.max_bytes and nats.replicas",
        );
    } else if full(info.state.bytes, info.config.max_bytes) {
        report.warning(
            &what,
            found,
            "raise nats.max_bytes of the stream: at the limit publishing waits",
        );
    } else {
        report.ok(&what, found);
    }
}

fn consumer(service: Service, standing: &Standing, report: &mut Report) {
    let what = format!("consumer of {service}");
    let Some(info) = &standing.consumer else {
        report.failed(
            &what,
            "not there",
            "the service makes it when it starts: is it running?",
        );
        return;
    };
    let unanswered = u64::try_from(info.num_ack_pending).unwrap_or_default();
    backlog(&what, info.num_pending, unanswered, report);
}

fn backlog(what: &str, pending: u64, unanswered: u64, report: &mut Report) {
    let found = format!("login good, {pending} before it, {unanswered} in work");
    if pending > BEHIND {
        report.warning(
            what,
            found,
            "is the service running and its database fast enough? Look again: the number should fall",
        );
    } else {
        report.ok(what, found);
    }
}

/// The stores of all servers, with the streams between nodes.
fn stores(servers: &[ServerState], report: &mut Report) {
    for server in servers {
        let what = format!("store of {}", server.name);
        let found = format!(
            "version {}, {} bytes of {}, {} reserved by limits",
            server.version, server.bytes, server.max_bytes, server.reserved_bytes
        );
        if server.disabled {
            report.failed(
                &what,
                "JetStream is off",
                "correct the server's configuration",
            );
        } else if server.reserved_bytes > server.max_bytes
            || share(server.bytes, server.max_bytes) >= FULL
        {
            report.warning(
                &what,
                found,
                "enlarge the volume and the server's max_file_store, or lower federation.max_bytes and nats.max_bytes",
            );
        } else {
            report.ok(&what, found);
        }
        clock(server.time, &format!("clock of {}", server.name), report);
        for stream in &server.streams {
            between(stream, report);
        }
    }
}

fn between(stream: &StreamState, report: &mut Report) {
    if ![accounts::UP, accounts::DOWN].contains(&stream.name.as_str()) {
        return;
    }
    let what = format!("stream {}", stream.name);
    let found = format!(
        "{} messages, {} bytes, limit {}, copies {}",
        stream.messages, stream.bytes, stream.max_bytes, stream.replicas
    );
    if full(stream.bytes, stream.max_bytes) {
        report.warning(
            &what,
            found,
            "raise federation.max_bytes: at the limit sending waits",
        );
    } else {
        report.ok(&what, found);
    }
    for consumer in stream
        .consumers
        .iter()
        .filter(|consumer| consumer.name == accounts::DESK)
    {
        let what = format!("{} of the border desk", stream.name);
        backlog(&what, consumer.pending, consumer.unanswered, report);
    }
}

fn full(bytes: u64, limit: i64) -> bool {
    u64::try_from(limit).is_ok_and(|limit| share(bytes, limit) >= FULL)
}

fn share(bytes: u64, limit: u64) -> u64 {
    bytes.saturating_mul(100).checked_div(limit).unwrap_or(100)
}
