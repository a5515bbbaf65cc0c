//! What a node told its own services of the nodes below.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chassis::telemetry::metrics;
use uuid::Uuid;

use crate::node::{Node, eventually};

/// A fact that was told.
struct Told {
    node: String,
    event_id: Uuid,
}

/// Epoch and sequence of the facts a node has sent.
async fn places(node: &Node) -> BTreeMap<Uuid, (i32, i64)> {
    let sql = node.sql().await;
    let rows = sql
        .query(
            "SELECT (payload->>'event_id')::uuid, epoch, seq FROM federation.up_outbox
             WHERE event_type = 'fengqiao.federation.fact.sent.v1' AND seq IS NOT NULL",
            &[],
        )
        .await
        .unwrap();
    let places = rows
        .iter()
        .map(|row| (row.get(0), (row.get(1), row.get(2))));
    places.collect()
}

async fn told(node: &Node) -> Vec<Told> {
    let rows = node
        .sql()
        .await
        .query(
            "SELECT payload->>'node', (payload->>'event_id')::uuid FROM federation.outbox
             WHERE event_type = 'fengqiao.federation.fact.received.v1' ORDER BY id",
            &[],
        )
        .await
        .unwrap();
    let told = rows.iter().map(|row| Told {
        node: row.get(0),
        event_id: row.get(1),
    });
    told.collect()
}

/// Waits until `above` has told all of these facts.
pub async fn until_told(above: &Node, facts: &[Uuid]) {
    let wanted: BTreeSet<_> = facts.iter().copied().collect();
    eventually(
        &format!("{} has told {} facts", above.code, wanted.len()),
        async || {
            let told = told(above).await;
            let told: BTreeSet<_> = told.iter().map(|fact| fact.event_id).collect();
            wanted.is_subset(&told)
        },
    )
    .await;
}

/// Everything the children made is told exactly once, under the name of the node it comes from, and nothing else is.
pub async fn told_once(above: &Node, below: &[(&Node, &[Uuid])]) {
    for (_, facts) in below {
        until_told(above, facts).await;
    }
    // What comes twice comes late.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut found: BTreeMap<(String, Uuid), usize> = BTreeMap::new();
    for fact in told(above).await {
        *found.entry((fact.node, fact.event_id)).or_default() += 1;
    }
    let expected: BTreeMap<_, _> = below
        .iter()
        .flat_map(|(node, facts)| facts.iter().map(|id| ((node.code.to_string(), *id), 1)))
        .collect();
    let twice = found.values().filter(|times| **times > 1).count();
    let strange = found.keys().filter(|k| !expected.contains_key(*k)).count();
    assert_eq!(
        (found.len(), twice, strange),
        (expected.len(), 0, 0),
        "told, twice, strange"
    );
}

/// As [`told_once`], and in the order of each origin.
pub async fn told_once_in_order(above: &Node, below: &[(&Node, &[Uuid])]) {
    told_once(above, below).await;
    let told = told(above).await;
    for (node, _) in below {
        let places = places(node).await;
        let code = node.code.to_string();
        let told = told.iter().filter(|fact| fact.node == code);
        // What a restored database does not know any more has no place.
        let told: Vec<_> = told.filter_map(|fact| places.get(&fact.event_id)).collect();
        let wrong = told.windows(2).find(|pair| pair[0] >= pair[1]);
        assert_eq!(
            wrong, None,
            "{code}: epoch and sequence, told in this order"
        );
    }
}

/// Operations see that nothing of the child is missing and that it was heard of just now.
pub async fn seen_whole(above: &Node, below: &Node) {
    eventually(
        &format!("{} sees {} whole", above.code, below.code),
        async || {
            let link = above.sees(below).await;
            let sending = below.sending().await;
            link.missing == 0
                && link.missing_since.is_none()
                && !link.silent
                && link.epoch == sending.epoch
                // A checkpoint may be under way.
                && link.checkpoint > 0
                && sending.seq - link.checkpoint < 4
        },
    )
    .await;
}

/// A metric of this process about a node below, as it stands. All desks of a test share the metrics; each node below has its own.
pub fn metric_of(name: &str, below: &Node) -> Option<f64> {
    metric(name, &format!("node=\"{}\"", below.code))
}

/// A metric of this process, as it stands; `label` is one it must have, or nothing.
pub fn metric(name: &str, label: &str) -> Option<f64> {
    let text = metrics().text().unwrap();
    let mut lines = text.lines();
    let line = lines.find(|line| {
        let rest = line.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with([' ', '{']) && rest.contains(label))
    })?;
    line.rsplit(' ').next()?.parse().ok()
}
