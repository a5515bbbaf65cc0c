//! How fast what the children published during a cut arrives above.

use accounts::UP;
use anyhow::{Context as _, Result};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::fact::Facts;
use crate::node::now;
use crate::options::Options;
use crate::tree::{Tree, until};

/// Children that publish at a time.
const AT_A_TIME: usize = 4;

/// One cut.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// From the start of the server above to the first message that arrives, in seconds.
    pub waited: f64,
    /// Messages a second from the first to the last.
    pub rate: f64,
}

pub async fn measure(tree: &mut Tree, options: &Options) -> Result<Vec<Round>> {
    let mut facts: Vec<_> = tree.children.iter().map(|c| Facts::of(c.code())).collect();
    // The first of each has been sent.
    facts.iter_mut().for_each(|facts| drop(facts.next(now())));
    let mut rounds = Vec::new();
    for round in 1..=options.rounds {
        let before = tree.hub.messages(UP).await?;
        tree.hub.nats.stop().await?;
        futures_util::stream::iter(tree.children.iter().zip(&mut facts))
            .map(|(child, facts)| async {
                let messages = (0..options.events_each()).map(|_| facts.next(now()));
                child.publish(messages).await
            })
            .buffer_unordered(AT_A_TIME)
            .try_collect::<()>()
            .await?;
        eprintln!(
            "catch-up: round {round}: {} messages made",
            options.events_all()
        );
        tree.hub.nats.restart().await?;
        let restarted = now();
        let last = before + u64::from(options.events_all());
        until("UP", last, || tree.hub.messages(UP)).await?;

        let (started, ended) = (
            tree.stored_at(before + 1).await?,
            tree.stored_at(last).await?,
        );
        let found = Round {
            waited: seconds(started - restarted),
            rate: per_second(options.events_all(), started, ended),
        };
        let mut tenths = Vec::new();
        for tenth in 1..=10 {
            let at = tree
                .stored_at(before + (last - before) * tenth / 10)
                .await?;
            tenths.push(format!("{:.2}", seconds(at - started)));
        }
        eprintln!(
            "catch-up: round {round}: waited {:.1} s, then {:.0} messages/s; a tenth each until s {}",
            found.waited,
            found.rate,
            tenths.join(" ")
        );
        rounds.push(found);
    }
    Ok(rounds)
}

impl Tree {
    async fn stored_at(&self, sequence: u64) -> Result<DateTime<Utc>> {
        let stream = self.hub.federation.get_stream(UP).await?;
        let message = stream.get_raw_message(sequence).await;
        Ok(message.context("read from UP")?.time)
    }
}

fn seconds(span: TimeDelta) -> f64 {
    span.as_seconds_f64()
}

/// Messages a second, from when the first was stored to when the last was.
pub fn per_second(messages: u32, first: DateTime<Utc>, last: DateTime<Utc>) -> f64 {
    f64::from(messages - 1) / seconds(last - first).max(1e-6)
}
