//! The load: clients that begin the next case when the last one is done, and cases that come whether or not others are done.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use futures_util::{StreamExt as _, stream};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    lifecycle::{self, Played, STEPS},
    process::memory,
    report::{Cpu, Percentiles, Turn},
    world::World,
};

/// How many watch at a time how long an event takes to reporting: looking is load too.
const WATCHERS: usize = 4;

/// Runs `clients` at once for so long; a case begun in time is played to its end and counts.
pub async fn closed(world: &World, clients: usize, length: Duration) -> Result<Turn> {
    let (api, people) = (&world.api, &world.people);
    let (before, requests) = (Cpu::read(&world.node)?, api.counts());
    let (began, done) = (Instant::now(), Mutex::new(Vec::new()));
    let peak = AtomicU64::new(0);
    let (pid, nobody) = (world.node.pid()?, Semaphore::new(0));
    let work = stream::iter(0..clients).for_each_concurrent(None, async |_| {
        while began.elapsed() < length {
            let played = lifecycle::play(api, people, world.next(), &nobody).await;
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push(played);
            if done.len().is_multiple_of(100) {
                let now = memory(pid).map_or(0, |memory| memory.rss);
                peak.fetch_max(now, Ordering::Relaxed);
            }
        }
    });
    work.await;
    let seconds = began.elapsed().as_secs_f64();
    let used = Cpu::read(&world.node)?.since(&before);
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let done: Vec<Played> = done.into_iter().collect::<Result<_>>()?;
    let after = api.counts();
    let mut steps = Vec::new();
    for at in 0..STEPS.len() {
        let times = done.iter().filter_map(|played| played.steps.get(at));
        steps.push(Percentiles::of(times.copied().collect()));
    }
    let whole = done.iter().map(|played| played.steps.iter().sum());
    steps.push(Percentiles::of(whole.collect()));
    Ok(Turn {
        lifecycles: u64::try_from(done.len())?,
        seconds,
        requests: after.0 - requests.0,
        looks: after.1 - requests.1,
        steps,
        cpu: used,
        peak_rss: peak.into_inner().max(memory(pid)?.rss),
    })
}

/// So many cases a second, on a schedule that does not wait; gives how long it took from sending the last command of a case
/// until reporting's ledger showed it.
pub async fn open(world: &Arc<World>, rate: f64, length: Duration) -> Result<Percentiles> {
    let mut tasks = JoinSet::new();
    let watchers = Arc::new(Semaphore::new(WATCHERS));
    let began = Instant::now();
    let mut due = Duration::ZERO;
    let mut lags = Vec::new();
    while due < length {
        tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
        let (world, watchers) = (Arc::clone(world), Arc::clone(&watchers));
        tasks.spawn(async move {
            let (api, people) = (&world.api, &world.people);
            let played = lifecycle::play(api, people, world.next(), &watchers).await?;
            anyhow::Ok(played.lag)
        });
        while let Some(ended) = tasks.try_join_next() {
            lags.extend(ended??);
        }
        due += Duration::from_secs_f64(1.0 / rate);
    }
    while let Some(ended) = tasks.join_next().await {
        lags.extend(ended??);
    }
    Ok(Percentiles::of(lags))
}
