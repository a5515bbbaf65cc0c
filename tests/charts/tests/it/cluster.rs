//! Three nats-servers with the rendered configuration find each other and choose a leader.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use charts_tests::{
    Release, Scenario,
    sandbox::Place,
    scenario::{Level, Postgres},
};
use serde_json::Value;
use servers::free_port;

use crate::{
    pod::{PATIENCE, Pod},
    secret,
};

/// Ports of one server: for clients, monitoring, the others of its cluster, nodes below.
type Ports = [u16; 4];

#[tokio::test]
async fn of_a_city_comes_together() -> Result<()> {
    let home = tempfile::Builder::new().prefix("fqn-").tempdir()?;
    let scenario = Scenario::of(Level::City, Postgres::Cnpg, false)?;
    let secrets = secret::make(&scenario, home.path()).await?;
    let release = Release::render(&scenario)?;
    let name = &scenario.release;
    let mut servers: Vec<Ports> = Vec::new();
    for _ in 0..3 {
        servers.push([free_port()?, free_port()?, free_port()?, free_port()?]);
    }
    let peers = servers.iter().enumerate().map(|(number, [_, _, peer, _])| {
        let host = format!("{name}-nats-{number}.{name}-nats-peers:6222");
        (host, format!("127.0.0.1:{peer}"))
    });
    let peers: Vec<(String, String)> = peers.collect();
    let mut running = Vec::new();
    for (number, ports) in servers.iter().enumerate() {
        let listens = [4222, 8222, 6222, 7422].into_iter().zip(ports);
        let listens = listens
            .map(|(inside, here)| (format!("0.0.0.0:{inside}"), format!("127.0.0.1:{here}")));
        // The sandbox gives every pod the number 0.
        let code = scenario.code();
        let own = (
            format!("fengqiao-{code}-0"),
            format!("fengqiao-{code}-{number}"),
        );
        let place = Place {
            root: home.path().join(number.to_string()),
            secrets: secrets.clone(),
            instead: listens.chain(peers.clone()).chain([own]).collect(),
        };
        let pod = Pod::lay_out(&release, "nats", "nats", place)?;
        let log = home.path().join(format!("{number}.log"));
        running.push(pod.start(Some(&servers::nats_server()?), &log)?);
    }
    let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
    for [_, monitor, ..] in &servers {
        let begun = Instant::now();
        loop {
            running.iter_mut().try_for_each(|one| one.check_alive())?;
            let cluster = meta(&client, *monitor).await.unwrap_or_default();
            let led = cluster["leader"]
                .as_str()
                .is_some_and(|leader| !leader.is_empty());
            if led && cluster["cluster_size"] == 3 {
                break;
            }
            let said: Vec<String> = running.iter().map(|one| one.printed()).collect();
            ensure!(
                begun.elapsed() < PATIENCE,
                "{cluster}\n{}",
                said.join("\n---\n")
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(())
}

/// What a server knows of its cluster.
async fn meta(client: &reqwest::Client, monitor: u16) -> Result<Value> {
    let answer = client
        .get(format!("http://127.0.0.1:{monitor}/jsz"))
        .send()
        .await?;
    let answer: Value = answer.json().await?;
    Ok(answer.get("meta_cluster").cloned().unwrap_or_default())
}
