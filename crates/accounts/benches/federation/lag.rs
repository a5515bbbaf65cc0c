//! How late a message is above, at a steady rate.

use std::time::{Duration, Instant};

use accounts::{DESK, UP};
use anyhow::{Context as _, Result, ensure};
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;
use tokio::sync::mpsc;

use crate::fact::Facts;
use crate::node::now;
use crate::options::Options;
use crate::tree::Tree;

/// When the message was due, in nanoseconds.
const DUE: &str = "bench-due";
/// A message that is this late is taken for lost.
const LOST: Duration = Duration::from_mins(1);

/// Milliseconds from when messages were due, at the given parts of all of them.
#[derive(Debug, Clone)]
pub struct Lag {
    /// Until a child's client has sent it: what the bench itself adds.
    pub sent: Percentiles,
    /// Until UP above has it.
    pub stored: Percentiles,
    /// Until a consumer above has read it.
    pub read: Percentiles,
}

#[derive(Debug, Clone, Copy)]
pub struct Percentiles {
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

pub async fn measure(tree: &Tree, options: &Options) -> Result<Lag> {
    let count = options.rate * options.seconds;
    let stream = tree.hub.federation.get_stream(UP).await?;
    let consumer = stream
        .create_consumer(pull::Config {
            durable_name: Some(DESK.to_owned()),
            ack_policy: AckPolicy::None,
            deliver_policy: DeliverPolicy::New,
            ..pull::Config::default()
        })
        .await?;
    let messages = consumer.messages().await?;
    let (sent, arrived) = tokio::try_join!(
        Box::pin(send(tree, options, count)),
        Box::pin(arrivals(messages, count))
    )?;
    let (stored, read) = arrived;
    let lag = Lag {
        sent: percentiles(sent)?,
        stored: percentiles(stored)?,
        read: percentiles(read)?,
    };
    let Percentiles { p50, p95, p99, .. } = lag.read;
    eprintln!("lag: {count} messages: p50 {p50:.2} ms, p95 {p95:.2} ms, p99 {p99:.2} ms");
    Ok(lag)
}

/// Sends each message when it is due, the children in turn, without waiting for acknowledgements.
async fn send(tree: &Tree, options: &Options, count: u32) -> Result<Vec<f64>> {
    let mut facts: Vec<_> = tree.children.iter().map(|c| Facts::of(c.code())).collect();
    let mut turn = (0..facts.len()).cycle();
    let (mut late, mut acks) = (Vec::new(), Vec::new());
    let mut schedule = schedule(options.rate, count);
    while let Some(due) = schedule.recv().await {
        let index = turn.next().unwrap_or_default();
        let (Some(facts), Some(child)) = (facts.get_mut(index), tree.children.get(index)) else {
            break;
        };
        let mut message = facts.next(due);
        let nanoseconds = due.timestamp_nanos_opt().context("a time of this age")?;
        message.headers.insert(DUE, nanoseconds.to_string());
        let ack = child
            .federation
            .publish_with_headers(message.subject, message.headers, message.body)
            .await?;
        late.push(milliseconds(now() - due));
        acks.push(ack);
    }
    for ack in acks {
        ack.await?;
    }
    Ok(late)
}

/// Gives the time of each message when it is there. A thread of its own, as the timers of the runtime are exact to 1 ms only.
fn schedule(rate: u32, count: u32) -> mpsc::UnboundedReceiver<DateTime<Utc>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let (clock, start) = (now(), Instant::now());
        for n in 0..count {
            let due = Duration::from_secs(1) * n / rate;
            std::thread::sleep(due.saturating_sub(start.elapsed()));
            if sender.send(clock + due).is_err() {
                return;
            }
        }
    });
    receiver
}

async fn arrivals(mut messages: pull::Stream, count: u32) -> Result<(Vec<f64>, Vec<f64>)> {
    let (mut stored, mut read) = (Vec::new(), Vec::new());
    for n in 0..count {
        let message = tokio::time::timeout(LOST, messages.next()).await;
        let message = message
            .with_context(|| format!("{n} of {count} messages arrived"))?
            .context("the consumer ended")??;
        let now = now();
        let due = message.headers.as_ref().and_then(|h| h.get(DUE));
        let due = due.context("a message of somebody else's")?.as_str();
        let due = DateTime::from_timestamp_nanos(due.parse()?);
        let info = message.info().map_err(|e| anyhow::anyhow!("{e}"))?;
        stored.push(milliseconds(info.published - due));
        read.push(milliseconds(now - due));
    }
    Ok((stored, read))
}

fn milliseconds(span: TimeDelta) -> f64 {
    span.as_seconds_f64() * 1_000.0
}

fn percentiles(mut values: Vec<f64>) -> Result<Percentiles> {
    ensure!(!values.is_empty(), "nothing was measured");
    values.sort_by(f64::total_cmp);
    let at = |per_mille: usize| {
        let index = (values.len() - 1) * per_mille / 1_000;
        values.get(index).copied().unwrap_or_default()
    };
    Ok(Percentiles {
        p50: at(500),
        p95: at(950),
        p99: at(990),
        max: at(1_000),
    })
}
