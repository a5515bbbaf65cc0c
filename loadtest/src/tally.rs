//! What was measured. Every time is kept, four bytes each, so that percentiles are exact: a soak of eight hours needs some tens
//! of megabytes.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Serialize;

use crate::{kinds::Kind, play::Visit};

/// Times of one kind of thing.
#[derive(Debug, Clone, Default)]
pub struct Times {
    micros: Vec<u32>,
    errors: u64,
}

/// A summary of times, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// How many.
    pub count: u64,
    /// Of these, errors.
    pub errors: u64,
    /// Half took no longer.
    pub p50_ms: f64,
    /// 95 of 100 took no longer.
    pub p95_ms: f64,
    /// 99 of 100 took no longer.
    pub p99_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

impl Times {
    fn add(&mut self, time: Duration, ok: bool) {
        // An hour and more is told as an hour and eleven minutes.
        self.micros
            .push(u32::try_from(time.as_micros()).unwrap_or(u32::MAX));
        self.errors += u64::from(!ok);
    }

    fn merge(&mut self, other: &Self) {
        self.micros.extend_from_slice(&other.micros);
        self.errors += other.errors;
    }

    /// Their summary.
    pub fn spread(&self) -> Spread {
        let mut sorted = self.micros.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        // Nearest rank: the smallest time that at least this share of all did not exceed.
        let percentile = |per_cent: usize| {
            let rank = (sorted.len() * per_cent).div_ceil(100);
            let at = rank.saturating_sub(1).min(last);
            f64::from(sorted.get(at).copied().unwrap_or_default()) / 1000.0
        };
        Spread {
            count: u64::try_from(sorted.len()).unwrap_or(u64::MAX),
            errors: self.errors,
            p50_ms: percentile(50),
            p95_ms: percentile(95),
            p99_ms: percentile(99),
            max_ms: percentile(100),
        }
    }
}

/// What became of those who came in a stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Came {
    /// Visits that were begun.
    pub begun: u64,
    /// Of these, begun late since nobody of the test was free.
    pub late: u64,
    /// Of these, ended as they should.
    pub done: u64,
    /// Visits that were given up: nobody was free for too long, or the run was broken off.
    pub given_up: u64,
}

/// How long an event took to where somebody looked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lag {
    /// From sending a command until reporting shows what it did.
    Reporting,
    /// From the answer to a command until the next service knows of it.
    NextService,
}

#[derive(Debug, Default)]
struct Inner {
    requests: BTreeMap<(usize, Kind), Times>,
    visits: BTreeMap<Visit, Times>,
    steps: BTreeMap<&'static str, Times>,
    lags: BTreeMap<Lag, Times>,
    came: BTreeMap<usize, Came>,
    errors: BTreeMap<String, u64>,
}

/// Everything measured in a run, by whoever measures.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Inner>);

impl Tally {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request of a stage: how long from when it was due, and why it failed if it did.
    pub fn request(&self, stage: usize, kind: Kind, time: Duration, error: Option<&str>) {
        let mut inner = self.inner();
        let times = inner.requests.entry((stage, kind)).or_default();
        times.add(time, error.is_none());
        if let Some(error) = error {
            let text = format!("{} {}: {error}", kind.method, kind.name);
            *inner.errors.entry(text).or_default() += 1;
        }
    }

    /// A visit from when it was due to its end.
    pub fn visit(&self, visit: Visit, time: Duration, ok: bool) {
        self.inner().visits.entry(visit).or_default().add(time, ok);
    }

    /// One of the four steps of a lifecycle.
    pub fn step(&self, step: &'static str, time: Duration, ok: bool) {
        self.inner().steps.entry(step).or_default().add(time, ok);
    }

    /// How long an event took.
    pub fn lag(&self, lag: Lag, time: Duration, ok: bool) {
        self.inner().lags.entry(lag).or_default().add(time, ok);
    }

    /// Counts somebody who came.
    pub fn came(&self, stage: usize, count: impl FnOnce(&mut Came)) {
        count(self.inner().came.entry(stage).or_default());
    }

    /// All requests of a kind, in all stages.
    pub fn by_kind(&self) -> BTreeMap<Kind, Times> {
        let mut all: BTreeMap<Kind, Times> = BTreeMap::new();
        for ((_, kind), times) in &self.inner().requests {
            all.entry(*kind).or_default().merge(times);
        }
        all
    }

    /// All requests of a stage, of all kinds.
    pub fn by_stage(&self) -> BTreeMap<usize, Times> {
        let mut all: BTreeMap<usize, Times> = BTreeMap::new();
        for ((stage, _), times) in &self.inner().requests {
            all.entry(*stage).or_default().merge(times);
        }
        all
    }

    /// The visits by what for.
    pub fn visits(&self) -> BTreeMap<Visit, Times> {
        self.inner().visits.clone()
    }

    /// The four steps.
    pub fn steps(&self) -> BTreeMap<&'static str, Times> {
        self.inner().steps.clone()
    }

    /// A lag, if any was measured.
    pub fn lag_of(&self, lag: Lag) -> Option<Times> {
        self.inner().lags.get(&lag).cloned()
    }

    /// What became of those who came in a stage.
    pub fn came_in(&self, stage: usize) -> Came {
        self.inner().came.get(&stage).copied().unwrap_or_default()
    }

    /// The errors and how often each.
    pub fn errors(&self) -> BTreeMap<String, u64> {
        self.inner().errors.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Times;

    #[test]
    fn percentiles_are_the_nearest_ranks() {
        let mut times = Times::default();
        for ms in (1..=200).rev() {
            times.add(Duration::from_millis(ms), ms != 7);
        }
        let spread = times.spread();
        assert_eq!((spread.count, spread.errors), (200, 1));
        assert_eq!(
            [spread.p50_ms, spread.p95_ms, spread.p99_ms, spread.max_ms],
            [100.0, 190.0, 198.0, 200.0]
        );
        assert_eq!(Times::default().spread().p99_ms, 0.0);
    }
}
