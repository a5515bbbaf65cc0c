//! What to compare with: how fast a server of the same configuration takes over from a stream of its own.

use accounts::{UP, up_stream};
use anyhow::{Context as _, Result};
use async_nats::jetstream::{self, Context, stream::Config};
use servers::{NatsOptions, PrivateNats};
use tempfile::TempDir;

use crate::catch_up::per_second;
use crate::fact::Facts;
use crate::node::{now, publish};
use crate::options::Options;
use crate::tree::{HUB, children, until};

const COPY: &str = "COPY";

/// A server with a full stream to take over from.
pub struct Local {
    jetstream: Context,
    copy: Config,
    events: u32,
    _nats: PrivateNats,
    _directory: TempDir,
}

impl Local {
    pub async fn start(options: &Options) -> Result<Self> {
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
        Ok(Self {
            jetstream,
            copy,
            events,
            _nats: nats,
            _directory: directory,
        })
    }

    /// Takes everything over; messages a second.
    pub async fn rate(&self) -> Result<f64> {
        let stream = self.jetstream.create_stream(self.copy.clone()).await?;
        until("local", u64::from(self.events), || async {
            Ok(stream.get_info().await?.state.messages)
        })
        .await?;
        let state = stream.get_info().await?.state;
        self.jetstream.delete_stream(COPY).await?;
        let took = state.last_timestamp - state.first_timestamp;
        Ok(per_second(self.events, took))
    }
}
