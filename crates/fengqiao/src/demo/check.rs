//! What reporting counts, compared with what was published.

use anyhow::{Context as _, Result, bail};
use contracts::roles::Role;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Api, REGION,
    matters::{PUBLISHED, SETTLED},
    play::Played,
};
use crate::{
    commands::reconcile::{ConsumerCount, reconcile},
    local::LocalNode,
};

/// How long the last events may take to arrive.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

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
    /// Matters in which the machine proposed the type that the person chose.
    pub types_as_proposed: usize,
    /// Different events published.
    pub events: i64,
    /// What every consumer applied of them.
    pub consumers: Vec<ConsumerCount>,
    /// Dead letters of all services.
    pub dead_letters: i64,
    /// Seconds from the first registration to the last answer.
    pub seconds: f64,
}

/// Asks reporting and the consumers.
pub async fn check(node: &LocalNode, played: &Played, seconds: f64) -> Result<Outcome> {
    let api = Api::new(node.address)?;
    let leader = node
        .issuer
        .token("demo-leader", Role::Leader, REGION, None)?;
    let started = std::time::Instant::now();
    let consumers = loop {
        let counts = reconcile(&node.config).await?;
        let missing: i64 = counts.iter().map(|c| c.missing).sum();
        if missing == 0 || started.elapsed() > PATIENCE {
            break counts;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    };
    let waited = started.elapsed().as_secs_f64();
    let by_type = |rounding: &str| {
        format!("/reporting/v1/statistics?dimension=type&columns=wuwei_2022&rounding={rounding}")
    };
    let plain = api.get(&by_type("half_up"), &leader).await?;
    let to_100 = api.get(&by_type("largest_remainder"), &leader).await?;
    let indicators = api.get("/reporting/v1/indicators", &leader).await?;
    let all = consumers.iter().map(|c| c.published).max().unwrap_or(0);
    Ok(Outcome {
        node: REGION,
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
        types_as_proposed: played.types_as_proposed,
        events: all,
        dead_letters: consumers.iter().map(|c| c.dead_letters).sum(),
        consumers,
        seconds: ((seconds + waited) * 10.0).round() / 10.0,
    })
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
    if every == 1 {
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
