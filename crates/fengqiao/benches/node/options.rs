//! What can be set: `CASES=1000000 CLIENTS=32 SECONDS=60 ROUNDS=2 make bench`.

use std::env;

use anyhow::{Result, bail};

/// The size of the measurement.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// `CASES`: cases in the filled node; 0: only the empty one is measured.
    pub cases: u64,
    /// `CLIENTS`: how many at once, of the node and of pgbench.
    pub clients: usize,
    /// `SECONDS`: of closed-loop load, and of pgbench, on each node; divided among the rounds.
    pub seconds: u64,
    /// `ROUNDS`: how often node and pgbench take turns, so that what else the machine does hits both.
    pub rounds: u64,
    /// `KEEP`: anything but 0 leaves PostgreSQL's data behind.
    pub keep: bool,
}

impl Options {
    pub fn from_environment() -> Result<Self> {
        Ok(Self {
            cases: number("CASES", 1_000_000)?,
            clients: usize::try_from(number("CLIENTS", 32)?.max(1))?,
            seconds: number("SECONDS", 60)?.max(1),
            rounds: number("ROUNDS", 2)?.max(1),
            keep: number("KEEP", 0)? != 0,
        })
    }

    /// Of one turn.
    pub fn turn_seconds(&self) -> u64 {
        (self.seconds / self.rounds).max(1)
    }
}

fn number(name: &str, default: u64) -> Result<u64> {
    let Ok(text) = env::var(name) else {
        return Ok(default);
    };
    match text.parse() {
        Ok(number) => Ok(number),
        _ => bail!("{name}={text}: a number"),
    }
}
