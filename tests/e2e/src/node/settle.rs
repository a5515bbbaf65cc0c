//! Waiting until nothing is under way.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
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

/// Waits until every event is on the stream and applied by every consumer, also the events that this led to.
///
/// # Errors
/// It takes too long.
pub async fn settled(sql: &Connection, bus: async_nats::Client) -> Result<()> {
    let jetstream = async_nats::jetstream::new(bus);
    let written = async || -> Result<(i64, i64)> {
        let counts = Service::ALL.iter().map(|service| {
            format!("SELECT count(*) AS n, count(*) FILTER (WHERE stream_seq IS NULL) AS waiting FROM {}.outbox", service.schema())
        });
        // What the people of a case are still to be told is work under way too.
        let untold = "SELECT 0, count(*) FROM intake.timeline WHERE NOT told".to_owned();
        let counts = counts
            .chain([untold])
            .collect::<Vec<_>>()
            .join(" UNION ALL ");
        let row = sql
            .query_one(
                &format!("SELECT sum(n)::bigint, sum(waiting)::bigint FROM ({counts}) c"),
                &[],
            )
            .await?;
        Ok((row.get(0), row.get(1)))
    };
    eventually("every event is applied", async || {
        let before = written().await?;
        if before.1 > 0 {
            return Ok(false);
        }
        let Ok(stream) = jetstream.get_stream(STREAM).await else {
            return Ok(false);
        };
        for service in Service::ALL {
            let Ok(info) = stream.consumer_info(service.as_str()).await else {
                return Ok(false);
            };
            if info.num_pending > 0 || info.num_ack_pending > 0 {
                return Ok(false);
            }
        }
        Ok(before == written().await?)
    })
    .await
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
