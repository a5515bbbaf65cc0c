//! What every level has of what was sent to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use chassis::db::Session;
use contracts::Service;
use uuid::Uuid;

use crate::{commands::db, local::LocalNode};

/// How long catching up may take.
const PATIENCE: Duration = Duration::from_secs(180);

/// The facts of the nodes below, at one node.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// Sent from below and not here.
    pub lost: usize,
    /// Told to the node's own services more than once.
    pub duplicates: usize,
}

async fn session(node: &LocalNode) -> Result<Session> {
    let db = db(&node.config, Service::Federation)?;
    Ok(Session::open(db.url(), db.runtime()).await?)
}

/// The ids of the facts a node has sent.
async fn sent(node: &LocalNode) -> Result<Vec<Uuid>> {
    let rows = session(node)
        .await?
        .client()
        .query(
            "SELECT (payload->>'event_id')::uuid FROM up_outbox WHERE event_type = 'fengqiao.federation.fact.sent.v1'",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// How often each fact was told to a node's own services.
async fn told(node: &LocalNode) -> Result<BTreeMap<Uuid, usize>> {
    let rows = session(node)
        .await?
        .client()
        .query(
            "SELECT (payload->>'event_id')::uuid FROM outbox WHERE event_type = 'fengqiao.federation.fact.received.v1'",
            &[],
        )
        .await?;
    let mut told = BTreeMap::new();
    for row in &rows {
        *told.entry(row.get(0)).or_default() += 1;
    }
    Ok(told)
}

/// Compares what `above` has with what the nodes below have sent, event by event.
pub async fn facts(above: &LocalNode, below: &[&LocalNode]) -> Result<Facts> {
    let told = told(above).await?;
    let mut expected = BTreeSet::new();
    for node in below {
        expected.extend(sent(node).await?);
    }
    Ok(Facts {
        lost: expected.iter().filter(|id| !told.contains_key(id)).count(),
        duplicates: told.values().map(|count| count - 1).sum(),
    })
}

/// Waits until the province has everything that the nodes `below` have sent up to now.
pub async fn has_all(province: &LocalNode, below: &[&LocalNode]) -> Result<()> {
    let started = Instant::now();
    let mut wanted = Vec::new();
    for node in below {
        let row = session(node)
            .await?
            .client()
            .query_one("SELECT epoch, next_seq - 1 FROM up_outbox_state", &[])
            .await?;
        let origin = format!("{}/federation", node.config.node.region);
        wanted.push((origin, row.get::<_, i32>(0), row.get::<_, i64>(1)));
    }
    let province = session(province).await?;
    for (origin, epoch, seq) in wanted {
        loop {
            let row = province
                .client()
                .query_opt(
                    "SELECT contiguous FROM inbox_position WHERE origin = $1 AND epoch = $2",
                    &[&origin, &epoch],
                )
                .await?;
            if row.is_some_and(|row| row.get::<_, i64>(0) >= seq) {
                break;
            }
            ensure!(
                started.elapsed() < PATIENCE,
                "the province has not got all of {origin} within {PATIENCE:?}"
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    Ok(())
}
