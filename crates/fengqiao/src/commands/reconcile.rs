//! `fengqiao reconcile`: every event published was applied exactly once by every consumer it is meant for.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use chassis::{config::Config, db::Session};
use comfy_table::{Table, presets};
use contracts::Service;
use serde::Serialize;

use super::{dbs, reconcile_nodes};
use crate::modules;

/// What one consumer should have applied and has.
#[derive(Debug, Clone, Serialize)]
pub struct ConsumerCount {
    /// The consumer.
    pub consumer: Service,
    /// Events published on the subjects it applies.
    pub published: i64,
    /// Different events in its inbox.
    pub applied: i64,
    /// Published events that are not in its inbox.
    pub missing: i64,
    /// Its dead letters.
    pub dead_letters: i64,
}

/// Compares and prints; an error when anything is missing or dead.
#[expect(clippy::print_stdout, reason = "the command's output")]
pub async fn run(config: &Config, period: Option<&str>) -> Result<()> {
    let counts = reconcile(config).await?;
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "consumer",
        "published",
        "applied",
        "missing",
        "dead letters",
    ]);
    for c in &counts {
        table.add_row([
            c.consumer.to_string(),
            c.published.to_string(),
            c.applied.to_string(),
            c.missing.to_string(),
            c.dead_letters.to_string(),
        ]);
    }
    println!("{table}");
    if counts.iter().any(|c| c.missing > 0 || c.dead_letters > 0) {
        bail!("not everything published was applied");
    }
    let differences = reconcile_nodes::compare(config, period).await?;
    for difference in &differences {
        println!("{difference}");
    }
    ensure!(
        differences.is_empty(),
        "this node and those below do not have the same"
    );
    Ok(())
}

/// Whether a subject is what a subscription names: the same, or under it.
fn matches(wanted: &str, subject: &str) -> bool {
    match wanted.strip_suffix('>') {
        Some(prefix) => subject.starts_with(prefix),
        None => wanted == subject,
    }
}

/// Compares outboxes with inboxes, event by event.
pub async fn reconcile(config: &Config) -> Result<Vec<ConsumerCount>> {
    let mut published: BTreeMap<String, Vec<uuid::Uuid>> = BTreeMap::new();
    let mut sessions = Vec::new();
    for db in dbs(config, None)? {
        let session = Session::open(db.url(), db.runtime()).await?;
        for row in session
            .client()
            .query("SELECT nats_subject, event_id FROM outbox", &[])
            .await?
        {
            published.entry(row.get(0)).or_default().push(row.get(1));
        }
        sessions.push((db.service(), session));
    }
    let mut counts = Vec::new();
    for (consumer, session) in sessions {
        let subjects = modules::subscribed(consumer);
        let all = subjects.iter().any(|s| s == "evt.>");
        let wanted: Vec<uuid::Uuid> = published
            .iter()
            .filter(|(subject, _)| all || subjects.iter().any(|wanted| matches(wanted, subject)))
            .flat_map(|(_, ids)| ids.iter().copied())
            .collect();
        let row = session
            .client()
            .query_one(
                "SELECT (SELECT count(*) FROM unnest($1::uuid[]) AS w(id) LEFT JOIN inbox i ON i.event_id = w.id
                         WHERE i.event_id IS NULL),
                        (SELECT count(*) FROM unnest($1::uuid[]) AS w(id) JOIN inbox i ON i.event_id = w.id),
                        (SELECT count(*) FROM dead_letters)",
                &[&wanted],
            )
            .await?;
        let count = ConsumerCount {
            consumer,
            published: i64::try_from(wanted.len())?,
            applied: row.get(1),
            missing: row.get(0),
            dead_letters: row.get(2),
        };
        ensure!(
            count.applied + count.missing >= count.published,
            "{consumer}: the inbox changed while it was read"
        );
        counts.push(count);
    }
    Ok(counts)
}
