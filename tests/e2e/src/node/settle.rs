//! Waiting until nothing is under way.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use async_nats::jetstream::Context;
use contracts::Service;
use testkit::postgres::Connection;

use super::{STREAM, TestNode};

const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `done` says so.
///
/// # Errors
/// It takes longer than a minute, or `done` fails.
pub async fn eventually(what: &str, done: impl AsyncFn() -> Result<bool>) -> Result<()> {
    let started = Instant::now();
    while !done().await? {
        ensure!(
            started.elapsed() < PATIENCE,
            "not within {PATIENCE:?}: {what}"
        );
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    Ok(())
}

/// What is still to be done in a node; two that differ mean that something moves.
#[derive(Debug, PartialEq, Eq)]
struct UnderWay {
    /// Events that were written.
    written: i64,
    /// Events to be published, and facts people are to be told of.
    waiting: i64,
    /// Events to be applied, of all consumers; none while the stream or a consumer is away.
    pending: Option<u64>,
}

impl UnderWay {
    async fn of(sql: &Connection, jetstream: &Context) -> Result<Self> {
        let counts = Service::ALL.iter().map(|service| {
            format!("SELECT count(*) AS n, count(*) FILTER (WHERE stream_seq IS NULL) AS waiting FROM {}.outbox", service.schema())
        });
        // What the people of a case are still to be told is work under way too.
        let untold = "SELECT 0, count(*) FROM intake.timeline WHERE NOT told".to_owned();
        let counts = counts
            .chain([untold])
            .collect::<Vec<_>>()
            .join(" UNION ALL ");
        let sum = format!("SELECT sum(n)::bigint, sum(waiting)::bigint FROM ({counts}) c");
        let row = sql.query_one(&sum, &[]).await?;
        Ok(Self {
            written: row.get(0),
            waiting: row.get(1),
            pending: pending(jetstream).await,
        })
    }

    fn nothing(&self) -> bool {
        self.waiting == 0 && self.pending == Some(0)
    }
}

async fn pending(jetstream: &Context) -> Option<u64> {
    let stream = jetstream.get_stream(STREAM).await.ok()?;
    let mut pending = 0;
    for service in Service::ALL {
        let info = stream.consumer_info(service.as_str()).await.ok()?;
        pending += info.num_pending + u64::try_from(info.num_ack_pending).ok()?;
    }
    Some(pending)
}

/// Waits until every event is on the stream and applied by every consumer, also the events that this led to. However long that takes:
/// as long as something moves.
///
/// # Errors
/// Nothing moves for a minute, and not everything is done.
pub async fn settled(sql: &Connection, bus: async_nats::Client) -> Result<()> {
    let jetstream = async_nats::jetstream::new(bus);
    let mut before = UnderWay::of(sql, &jetstream).await?;
    let mut moved = Instant::now();
    loop {
        let now = UnderWay::of(sql, &jetstream).await?;
        if now != before {
            (before, moved) = (now, Instant::now());
        } else if now.nothing() {
            return Ok(());
        }
        ensure!(
            moved.elapsed() < PATIENCE,
            "nothing moves for {PATIENCE:?}: {before:?}"
        );
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

impl TestNode {
    /// [`settled`] of this node.
    ///
    /// # Errors
    /// It takes too long.
    pub async fn settle(&self) -> Result<()> {
        settled(&self.sql().await?, self.bus().await?).await
    }
}
