//! What was measured, as it goes to `target/bench/report.json`.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Result;
use serde::Serialize;

use crate::{
    node::Node,
    process::{cpu, cpu_of_all},
    statements::{PerCase, Statement},
};

/// Milliseconds that so many in a hundred did not exceed.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Percentiles {
    pub count: usize,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
}

impl Percentiles {
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |per_cent: usize| {
            let rank = (times.len() * per_cent).div_ceil(100).saturating_sub(1);
            times
                .get(rank)
                .map_or(0.0, |time| rounded(time.as_secs_f64() * 1_000.0))
        };
        Self {
            count: times.len(),
            p50: at(50),
            p95: at(95),
            p99: at(99),
        }
    }
}

/// Seconds of processor time.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Cpu {
    pub node: f64,
    pub postgres: f64,
    pub nats: f64,
    /// The bench itself: the clients.
    pub clients: f64,
}

impl Cpu {
    pub fn read(node: &Node) -> Result<Self> {
        Ok(Self {
            node: cpu(node.pid()?).as_secs_f64(),
            postgres: cpu_of_all(node.postgres_pid).as_secs_f64(),
            nats: cpu(node.nats_pid).as_secs_f64(),
            clients: cpu(std::process::id()).as_secs_f64(),
        })
    }

    pub fn since(self, before: &Self) -> Self {
        Self {
            node: self.node - before.node,
            postgres: self.postgres - before.postgres,
            nats: self.nats - before.nats,
            clients: self.clients - before.clients,
        }
    }
}

/// A turn of closed-loop load.
#[derive(Debug, Clone, Serialize)]
pub struct Turn {
    pub lifecycles: u64,
    pub seconds: f64,
    pub requests: u64,
    /// Of these, those that came before another service's fact.
    pub looks: u64,
    /// The four steps, then the whole.
    pub steps: Vec<Percentiles>,
    pub cpu: Cpu,
    pub peak_rss: u64,
}

impl Turn {
    pub fn rate(&self) -> f64 {
        per(self.lifecycles, self.seconds)
    }
}

/// What was measured on one node.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Measured {
    /// Cases in reporting's ledger before the load.
    pub cases: i64,
    /// How long the seeder took, seconds.
    pub seeded_in: Option<f64>,
    /// Bytes of the database.
    pub bytes: i64,
    pub idle_rss: u64,
    pub idle_pss: u64,
    pub turns: Vec<Turn>,
    /// Lifecycles a second of pgbench, turn by turn.
    pub pgbench: Vec<f64>,
    /// Milliseconds of PostgreSQL's processes for a case of pgbench.
    pub pgbench_cpu_ms: Vec<f64>,
    /// Rate of the open-loop load, cases a second.
    pub half_rate: f64,
    /// Command → reporting at that rate.
    pub lag: Percentiles,
    /// How long single reads take, milliseconds.
    pub reads: BTreeMap<String, f64>,
    /// How often what was executed for a case under load.
    pub per_case: PerCase,
    /// The statements that took most time under load.
    pub statements: Vec<Statement>,
}

impl Measured {
    pub fn rate(&self) -> f64 {
        let all: f64 = self.turns.iter().map(Turn::rate).sum();
        all / count(self.turns.len())
    }

    pub fn pgbench_rate(&self) -> f64 {
        self.pgbench.iter().sum::<f64>() / count(self.pgbench.len())
    }

    pub fn peak_rss(&self) -> u64 {
        self.turns
            .iter()
            .map(|turn| turn.peak_rss)
            .max()
            .unwrap_or(0)
    }

    /// Milliseconds of processor time for a case.
    pub fn cpu_ms(&self, part: impl Fn(&Cpu) -> f64) -> f64 {
        let used: f64 = self.turns.iter().map(|turn| part(&turn.cpu)).sum();
        let done: u64 = self.turns.iter().map(|turn| turn.lifecycles).sum();
        1_000.0 * used / per(done, 1.0).max(1.0)
    }
}

/// Everything.
#[derive(Debug, Serialize)]
pub struct Report {
    pub clients: usize,
    pub seconds: u64,
    pub cores: usize,
    pub script: ScriptSize,
    pub empty: Measured,
    pub filled: Option<Measured>,
}

/// The size of pgbench's script of a case.
#[derive(Debug, Serialize)]
pub struct ScriptSize {
    pub transactions: usize,
    pub consumer_transactions: usize,
    pub statements: f64,
}

/// How many a second.
pub fn per(count: u64, seconds: f64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / seconds
}

/// A number to divide by.
pub fn count(length: usize) -> f64 {
    f64::from(u32::try_from(length.max(1)).unwrap_or(1))
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
