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

/// Events compared at once.
const AT_ONCE: i64 = 10_000;

/// Events published on each subject.
type BySubject = BTreeMap<String, Vec<uuid::Uuid>>;

/// Compares outboxes with inboxes, event by event.
pub async fn reconcile(config: &Config) -> Result<Vec<ConsumerCount>> {
    let mut consumers = Vec::new();
    for db in dbs(config, None)? {
        let session = Session::open(db.url(), db.runtime()).await?;
        let letters = session
            .client()
            .query_one("SELECT count(*) FROM dead_letters", &[])
            .await?;
        let count = ConsumerCount {
            consumer: db.service(),
            published: 0,
            applied: 0,
            missing: 0,
            dead_letters: letters.get(0),
        };
        consumers.push((session, count));
    }
    for db in dbs(config, None)? {
        let publisher = Session::open(db.url(), db.runtime()).await?;
        let mut after = 0;
        while let Some((last, published)) = published_after(&publisher, after).await? {
            for (session, count) in &mut consumers {
                compare(session, &published, count).await?;
            }
            after = last;
        }
    }
    Ok(consumers.into_iter().map(|(_, count)| count).collect())
}

/// The next events of an outbox and the place of the last of them; none at its end.
async fn published_after(publisher: &Session, after: i64) -> Result<Option<(i64, BySubject)>> {
    let rows = publisher
        .client()
        .query(
            "SELECT id, nats_subject, event_id FROM outbox WHERE id > $1 ORDER BY id LIMIT $2",
            &[&after, &AT_ONCE],
        )
        .await?;
    let mut published = BySubject::new();
    for row in &rows {
        published.entry(row.get(1)).or_default().push(row.get(2));
    }
    Ok(rows.last().map(|row| (row.get(0), published)))
}

/// Counts what a consumer has of these events.
async fn compare(
    session: &Session,
    published: &BySubject,
    count: &mut ConsumerCount,
) -> Result<()> {
    let subjects = modules::subscribed(count.consumer);
    let wanted: Vec<uuid::Uuid> = published
        .iter()
        .filter(|(subject, _)| subjects.iter().any(|wanted| matches(wanted, subject)))
        .flat_map(|(_, ids)| ids.iter().copied())
        .collect();
    let row = session
        .client()
        .query_one(
            "SELECT count(*) FILTER (WHERE there), count(*) FILTER (WHERE NOT there)
             FROM (SELECT EXISTS (SELECT 1 FROM inbox i WHERE i.event_id = w.id) AS there
                   FROM unnest($1::uuid[]) AS w(id)) AS compared",
            &[&wanted],
        )
        .await?;
    count.published += i64::try_from(wanted.len())?;
    count.applied += row.get::<_, i64>(0);
    count.missing += row.get::<_, i64>(1);
    Ok(())
}
