//! What reporting counts, compared with what was published.

use std::{collections::BTreeMap, time::Instant};

use anyhow::{Context as _, Result, bail};
use contracts::roles::Role;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Api,
    disturb::Disturbed,
    levels,
    matters::{PUBLISHED, SETTLED},
    play::Played,
    requests::Requests,
    seen,
    tree::{CITY, COUNTIES, PROVINCE, Tree},
};
use crate::{
    commands::{
        reconcile::{ConsumerCount, reconcile},
        reconcile_nodes,
    },
    local::LocalNode,
};

/// How long the last events may take to arrive.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(180);

/// What six nodes, a nats-server each and one PostgreSQL may take together.
pub(super) const MEMORY_MIB: u64 = 2048;

/// What came out.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// The node.
    pub node: &'static str,
    /// Received.
    pub received: i64,
    /// Settled.
    pub settled: i64,
    /// Settled / received, per cent, one decimal.
    pub settled_rate_pct: f64,
    /// Counts by published column.
    pub types: Map<String, Value>,
    /// Shares by published column, rounded half up, and as a column that sums to 100.0.
    pub shares_pct: Map<String, Value>,
    /// The same by the largest remainder.
    pub shares_to_100_pct: Map<String, Value>,
    /// Agreements confirmed by the court.
    pub confirmed: i64,
    /// Obligations performed.
    pub obligations: usize,
    /// Matters that were not settled, whose parties were told of their other ways.
    pub notices: usize,
    /// Matters in which the machine proposed the type that the person chose.
    pub types_as_proposed: usize,
    /// Events published at all nodes.
    pub events: i64,
    /// What every consumer applied of them.
    pub consumers: Vec<ConsumerCount>,
    /// Dead letters of all services of all nodes.
    pub dead_letters: i64,
    /// What every level counts, by node.
    pub levels: BTreeMap<String, Level>,
    /// What went between the levels.
    pub requests: Requests,
    /// What city and province miss or have too much of, against the nodes below.
    pub differences: Vec<String>,
    /// Matters whose parties' names a level has stored without having opened their file.
    pub names_seen: usize,
    /// How long the link was cut and how long catching up took.
    #[serde(flatten)]
    pub disturbed: Disturbed,
    /// Facts that city or province told their services more than once.
    pub duplicates: usize,
    /// Facts sent from below that city or province have not got.
    pub lost: usize,
    /// The most memory that all nodes and their servers had at a time, in MiB.
    pub memory_mib: u64,
    /// Seconds from the first registration to the last answer.
    pub seconds: f64,
}

/// What one level counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Level {
    /// Received.
    pub received: i64,
    /// Settled.
    pub settled: i64,
    /// Counts by published column.
    pub types: Map<String, Value>,
}

/// Waits until all consumers of a node have applied everything; gives what they have.
pub(super) async fn settled(node: &LocalNode) -> Result<Vec<ConsumerCount>> {
    let started = Instant::now();
    loop {
        let counts = reconcile(&node.config).await?;
        let missing: i64 = counts.iter().map(|c| c.missing).sum();
        if missing == 0 || started.elapsed() > PATIENCE {
            return Ok(counts);
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

/// Adds the counts of a node's consumers to those of the others.
fn add(sums: &mut Vec<ConsumerCount>, counts: Vec<ConsumerCount>) {
    for count in counts {
        match sums.iter_mut().find(|s| s.consumer == count.consumer) {
            Some(sum) => {
                sum.published += count.published;
                sum.applied += count.applied;
                sum.missing += count.missing;
                sum.dead_letters += count.dead_letters;
            }
            None => sums.push(count),
        }
    }
}

fn leader(node: &LocalNode) -> Result<String> {
    let region = &node.config.node.region;
    node.issuer.token("demo-leader", Role::Leader, region, None)
}

async fn level(node: &LocalNode) -> Result<Level> {
    let path = "/reporting/v1/statistics?dimension=type&columns=wuwei_2022&rounding=half_up";
    let plain = Api::new(node.address)?.get(path, &leader(node)?).await?;
    Ok(Level {
        received: number(&plain, "received")?,
        settled: number(&plain, "settled")?,
        types: column(&plain, "count")?,
    })
}

/// What `fengqiao reconcile` finds at city and province.
async fn differences(tree: &Tree) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for node in [&tree.city, &tree.province] {
        let of_node = reconcile_nodes::compare(&node.config, None).await?;
        found.extend(of_node.iter().map(ToString::to_string));
    }
    Ok(found)
}

/// Asks reporting and the consumers of every node.
pub async fn check(
    tree: &Tree,
    played: &Played,
    requests: Requests,
    disturbed: Disturbed,
    started: Instant,
) -> Result<Outcome> {
    let mut consumers = Vec::new();
    for node in tree.counties.iter() {
        add(&mut consumers, settled(node).await?);
    }
    let counties: Vec<&LocalNode> = tree.counties.iter().collect();
    let below_province: Vec<&LocalNode> = counties.iter().copied().chain([&tree.city]).collect();
    levels::has_all(&tree.province, &below_province).await?;
    for node in [&tree.city, &tree.province] {
        add(&mut consumers, settled(node).await?);
    }
    let seconds = started.elapsed().as_secs_f64();
    let (at_city, at_province) = (
        levels::facts(&tree.city, &counties).await?,
        levels::facts(&tree.province, &below_province).await?,
    );
    let mut levels = BTreeMap::new();
    for node in tree.nodes() {
        levels.insert(node.config.node.region.clone(), level(node).await?);
    }
    let node = &tree.city;
    let (api, leader) = (Api::new(node.address)?, leader(node)?);
    let by_type = |rounding: &str| {
        format!("/reporting/v1/statistics?dimension=type&columns=wuwei_2022&rounding={rounding}")
    };
    let plain = api.get(&by_type("half_up"), &leader).await?;
    let to_100 = api.get(&by_type("largest_remainder"), &leader).await?;
    let indicators = api.get("/reporting/v1/indicators", &leader).await?;
    let all = consumers.iter().map(|c| c.published).max().unwrap_or(0);
    Ok(Outcome {
        node: CITY,
        received: number(&plain, "received")?,
        settled: number(&plain, "settled")?,
        settled_rate_pct: plain
            .get("settled_rate_pct")
            .and_then(Value::as_f64)
            .context("no settled_rate_pct")?,
        types: column(&plain, "count")?,
        shares_pct: column(&plain, "share_pct")?,
        shares_to_100_pct: column(&to_100, "share_pct")?,
        confirmed: numerator(&indicators, "confirmation_rate")?,
        obligations: played.obligations,
        notices: played.notices,
        types_as_proposed: played.types_as_proposed,
        events: all,
        dead_letters: consumers.iter().map(|c| c.dead_letters).sum(),
        consumers,
        levels,
        differences: differences(tree).await?,
        names_seen: seen::names(&tree.city)
            .await?
            .difference(&requests.opened_by_city)
            .count()
            + seen::names(&tree.province)
                .await?
                .difference(&requests.opened_by_province)
                .count(),
        requests,
        disturbed,
        duplicates: at_city.duplicates + at_province.duplicates,
        lost: at_city.lost + at_province.lost,
        memory_mib: 0,
        seconds: (seconds * 10.0).round() / 10.0,
    })
}

/// Whether counties, city and province have the same numbers.
fn compare(levels: &BTreeMap<String, Level>) -> [(&'static str, bool); 2] {
    let mut sum = Level {
        received: 0,
        settled: 0,
        types: Map::new(),
    };
    for level in COUNTIES.iter().filter_map(|code| levels.get(*code)) {
        sum.received += level.received;
        sum.settled += level.settled;
        for (name, count) in &level.types {
            let before = sum.types.get(name).and_then(Value::as_i64).unwrap_or(0);
            let count = count.as_i64().unwrap_or(0);
            sum.types.insert(name.clone(), Value::from(before + count));
        }
    }
    [
        (
            "the city has the counties' sums",
            levels.get(CITY) == Some(&sum),
        ),
        (
            "the province has the counties' sums",
            levels.get(PROVINCE) == Some(&sum),
        ),
    ]
}

/// Fails when a figure is not as published (only when every matter was played).
pub fn verdict(outcome: &Outcome, every: usize) -> Result<()> {
    let mut wrong = Vec::new();
    let mut expect = |what: &str, good: bool| {
        if !good {
            wrong.push(what.to_owned());
        }
    };
    expect("dead letters", outcome.dead_letters == 0);
    expect(
        "every event applied exactly once by every consumer",
        outcome
            .consumers
            .iter()
            .all(|c| c.missing == 0 && c.applied == c.published),
    );
    expect("reconcile is clean", outcome.differences.is_empty());
    expect(
        "no level knows a name it need not know",
        outcome.names_seen == 0,
    );
    expect("no fact lost between the levels", outcome.lost == 0);
    expect("no fact twice between the levels", outcome.duplicates == 0);
    for (what, same) in compare(&outcome.levels) {
        expect(what, same);
    }
    expect(
        "everybody without a settlement was told of other ways",
        i64::try_from(outcome.notices).ok() == Some(outcome.received - outcome.settled),
    );
    expect(
        &format!("memory within {MEMORY_MIB} MiB"),
        outcome.memory_mib <= MEMORY_MIB,
    );
    if every == 1 {
        expect("some agreements were confirmed", outcome.confirmed > 0);
        expect(
            "more obligations performed than matters settled: some by instalments",
            outcome.obligations > SETTLED,
        );
        let received: usize = PUBLISHED.iter().map(|(_, _, count)| count).sum();
        expect(
            "received",
            usize::try_from(outcome.received).ok() == Some(received),
        );
        expect(
            "settled",
            usize::try_from(outcome.settled).ok() == Some(SETTLED),
        );
        expect(
            "settled rate 99.2 %",
            (outcome.settled_rate_pct - 99.2).abs() < 1e-9,
        );
        for ((_, name, count), published) in PUBLISHED.iter().zip([16.9, 23.1, 16.3, 11.3, 32.4]) {
            let is = |map: &Map<String, Value>| map.get(*name).and_then(Value::as_f64);
            expect(
                &format!("count of {name}"),
                outcome.types.get(*name).and_then(Value::as_u64) == u64::try_from(*count).ok(),
            );
            expect(
                &format!("share of {name} within 0.1"),
                is(&outcome.shares_pct).is_some_and(|s| (s - published).abs() < 0.1 + 1e-9),
            );
        }
        let sum: f64 = outcome
            .shares_to_100_pct
            .values()
            .filter_map(Value::as_f64)
            .sum();
        expect("the column that sums to 100.0", (sum - 100.0).abs() < 1e-6);
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        bail!("not as it should be: {}", wrong.join("; "))
    }
}

fn number(body: &Value, field: &str) -> Result<i64> {
    body.get(field)
        .and_then(Value::as_i64)
        .with_context(|| format!("no {field}"))
}

/// Numerator of an indicator.
fn numerator(indicators: &Value, id: &str) -> Result<i64> {
    let all = indicators
        .get("indicators")
        .and_then(Value::as_array)
        .context("no indicators")?;
    let indicator = all
        .iter()
        .find(|i| i.get("id").and_then(Value::as_str) == Some(id));
    number(
        indicator.with_context(|| format!("no indicator {id}"))?,
        "numerator",
    )
}

/// One field of every row, by the row's Chinese name.
fn column(body: &Value, field: &str) -> Result<Map<String, Value>> {
    let rows = body
        .get("rows")
        .and_then(Value::as_array)
        .context("no rows")?;
    rows.iter()
        .map(|row| {
            let name = row
                .get("zh")
                .and_then(Value::as_str)
                .context("a row without a name")?;
            Ok((
                name.to_owned(),
                row.get(field).cloned().unwrap_or(Value::Null),
            ))
        })
        .collect()
}
