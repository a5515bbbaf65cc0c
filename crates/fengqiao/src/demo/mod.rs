//! `fengqiao demo`: a city's half year. 武威 published for the first half of 2022 that its centres received 3,436 disputes
//! and settled 3,410 (founding document 002). The demo brings that many real questions through the public API of a node of
//! its own, all six services on a real PostgreSQL and a real nats-server, and checks what reporting counts in the end.

mod api;
mod check;
mod matters;
mod persons;
mod play;
mod report;
mod stages;

use std::{path::Path, time::Instant};

use anyhow::{Context as _, Result};
use chassis::telemetry;

pub use api::Api;

use crate::local::{Keep, LocalNode};

/// The node: 武威.
const REGION: &str = "6206";

/// Plays, checks, prints the table and writes the report; an error when any figure is not as published.
pub async fn run(data: &Path, report: &Path, every: usize) -> Result<()> {
    let mut logs = chassis::config::TelemetryConfig::default();
    "warn".clone_into(&mut logs.log_filter);
    let _telemetry = telemetry::init(&logs, "fengqiao-demo", REGION).context("telemetry")?;
    if data.exists() {
        std::fs::remove_dir_all(data).with_context(|| format!("empty {}", data.display()))?;
    }
    let node = LocalNode::start(data, REGION, ([127, 0, 0, 1], 0).into(), Keep::ForNow).await?;
    let played = play_on(&node, every).await;
    node.stop().await?;
    let outcome = played?;
    report::print(&outcome);
    report::write(&outcome, report)?;
    check::verdict(&outcome, every)
}

/// Plays and checks on a running node.
async fn play_on(node: &LocalNode, every: usize) -> Result<check::Outcome> {
    let matters = matters::of_the_half_year(every)?;
    eprintln!(
        "武威 {REGION}: {} matters, API at http://{}/docs/",
        matters.len(),
        node.address
    );
    let started = Instant::now();
    let played = play::play(node, &matters).await?;
    check::check(node, &played, started.elapsed().as_secs_f64()).await
}
