//! What to compare with: how fast a server of the same configuration takes over from a stream of its own.

use accounts::{UP, up_stream};
use anyhow::{Context as _, Result};
use async_nats::jetstream;
use servers::{NatsOptions, PrivateNats};
use tempfile::TempDir;

use crate::catch_up::per_second;
use crate::fact::Facts;
use crate::node::{now, publish};
use crate::options::Options;
use crate::tree::{HUB, children, until};

const COPY: &str = "COPY";

/// Messages a second, each round.
pub async fn measure(options: &Options) -> Result<Vec<f64>> {
    let directory = TempDir::new()?;
    let nats = NatsOptions {
        name: "local".to_owned(),
        sync_always: options.sync_always,
        ..NatsOptions::default()
    };
    let nats = PrivateNats::start(directory.path(), nats).await?;
    let jetstream = jetstream::new(async_nats::connect(nats.url()).await?);

    let child = *children(1)?.first().context("a child")?;
    let limits = options.limits();
    jetstream
        .create_stream(up_stream(child, &[], &limits))
        .await?;
    let mut facts = Facts::of(child);
    let events = options.events_all();
    publish(&jetstream, (0..events).map(|_| facts.next(now()))).await?;

    // UP of a parent, but that its source is here.
    let mut copy = up_stream(HUB.parse()?, &[child], &limits);
    COPY.clone_into(&mut copy.name);
    for source in copy.sources.iter_mut().flatten() {
        source.external = None;
        UP.clone_into(&mut source.name);
    }
    let mut rates = Vec::new();
    for round in 1..=options.rounds {
        let stream = jetstream.create_stream(copy.clone()).await?;
        until("local", u64::from(events), || async {
            Ok(stream.get_info().await?.state.messages)
        })
        .await?;
        let state = stream.get_info().await?.state;
        let rate = per_second(events, state.first_timestamp, state.last_timestamp);
        eprintln!("local: round {round}: {rate:.0} messages/s");
        rates.push(rate);
        jetstream.delete_stream(COPY).await?;
    }
    Ok(rates)
}
