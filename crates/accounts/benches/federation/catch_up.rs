//! How fast what the children published during a cut arrives above.
//!
//! A source that asked for messages before its link was back asks again after some 40 s; the others are through long before. So
//! there are pauses, before the first message and between. They are waiting, not transfer, and are counted apart.

use accounts::UP;
use anyhow::{Context as _, Result};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::fact::Facts;
use crate::local::Local;
use crate::node::now;
use crate::options::Options;
use crate::tree::{Tree, until};

/// Children that publish at a time.
const AT_A_TIME: usize = 4;

/// Nothing arrives for so long: a pause.
const PAUSE: TimeDelta = TimeDelta::seconds(1);
/// Shown as progress: how much of the transfer is gaps between the sources, which do not all start at once.
const GAP: TimeDelta = TimeDelta::milliseconds(20);

/// One cut.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// Local sourcing, right before: messages a second.
    pub local: f64,
    /// From the start of the server above to the first message that arrives, in seconds.
    pub waited: f64,
    /// From the start of the server above to the last message, in seconds.
    pub complete: f64,
    /// Messages a second from the first to the last, without the pauses.
    pub rate: f64,
}

impl Round {
    /// The rate relative to local sourcing.
    pub fn ratio(&self) -> f64 {
        self.rate / self.local
    }
}

pub async fn measure(tree: &mut Tree, options: &Options) -> Result<Vec<Round>> {
    let local = Local::start(options).await?;
    let mut facts: Vec<_> = tree.children.iter().map(|c| Facts::of(c.code())).collect();
    // The first of each has been sent.
    facts.iter_mut().for_each(|facts| drop(facts.next(now())));
    let mut rounds = Vec::new();
    for round in 1..=options.rounds {
        let local = local.rate().await?;
        eprintln!("local: round {round}: {local:.0} messages/s");
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
        let pauses = tree.pauses(before + 1, last, PAUSE).await?;
        let gaps = tree.pauses(before + 1, last, GAP).await? - pauses;
        let found = Round {
            local,
            waited: (started - restarted).as_seconds_f64(),
            complete: (ended - restarted).as_seconds_f64(),
            rate: per_second(options.events_all(), ended - started - pauses),
        };
        eprintln!(
            "catch-up: round {round}: waited {:.1} s, {:.0} messages/s without pauses ({:.2} s, {:.2} s of it in gaps), complete after {:.1} s",
            found.waited,
            found.rate,
            (ended - started - pauses).as_seconds_f64(),
            gaps.as_seconds_f64(),
            found.complete
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

    /// The pauses of `least` and more, together: halves what is between until it took less.
    async fn pauses(&self, first: u64, last: u64, least: TimeDelta) -> Result<TimeDelta> {
        let mut sum = TimeDelta::zero();
        let mut open = vec![(first, last)];
        while let Some((from, to)) = open.pop() {
            let took = self.stored_at(to).await? - self.stored_at(from).await?;
            if took < least {
                continue;
            }
            if to - from <= 1 {
                sum += took;
                continue;
            }
            let middle = from.midpoint(to);
            open.extend([(from, middle), (middle, to)]);
        }
        Ok(sum)
    }
}

/// Messages a second, when they took so long from the first to the last.
pub fn per_second(messages: u32, took: TimeDelta) -> f64 {
    f64::from(messages - 1) / took.as_seconds_f64().max(1e-6)
}
