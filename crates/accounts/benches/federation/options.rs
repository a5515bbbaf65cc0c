//! What can be set: `CHILDREN=50 EVENTS=50000 ROUNDS=3 RATE=200 SECONDS=30 SYNC=always make bench-federation`.

use std::env;

use accounts::Limits;
use anyhow::{Result, bail, ensure};

/// The size of the measurement.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// `CHILDREN`: servers linked to the one above.
    pub children: u32,
    /// `EVENTS`: messages of all children together during one cut.
    pub events: u32,
    /// `ROUNDS`: how often the cut, and local sourcing, are measured.
    pub rounds: u32,
    /// `RATE`: messages a second of all children together when the lag is measured.
    pub rate: u32,
    /// `SECONDS`: for how long.
    pub seconds: u32,
    /// `SYNC`: `always` as in operation, a message is on disk before it is acknowledged; or `interval`, the server's default.
    pub sync_always: bool,
}

impl Options {
    pub fn from_environment() -> Result<Self> {
        let sync = env::var("SYNC").unwrap_or_else(|_| "always".to_owned());
        let options = Self {
            children: number("CHILDREN", 50)?,
            events: number("EVENTS", 50_000)?,
            rounds: number("ROUNDS", 3)?,
            rate: number("RATE", 200)?,
            seconds: number("SECONDS", 30)?,
            sync_always: match sync.as_str() {
                "always" => true,
                "interval" => false,
                _ => bail!("SYNC={sync}: `always` or `interval`"),
            },
        };
        ensure!(options.children <= 9_000, "CHILDREN: at most 9000");
        ensure!(
            options.events >= 2 * options.children,
            "EVENTS: at least two a child"
        );
        Ok(options)
    }

    /// What each child publishes during a cut.
    pub fn events_each(&self) -> u32 {
        self.events / self.children
    }

    /// What all children publish during a cut.
    pub fn events_all(&self) -> u32 {
        self.events_each() * self.children
    }

    /// Limits that fit the machine: what a stream may keep is reserved.
    pub fn limits(&self) -> Limits {
        Limits {
            max_bytes: (1 << 30) + i64::from(self.events) * i64::from(self.rounds) * 4_096,
            max_consumers: 64,
            ..Limits::up()
        }
    }
}

fn number(name: &str, default: u32) -> Result<u32> {
    let Ok(text) = env::var(name) else {
        return Ok(default);
    };
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => bail!("{name}={text}: a number above 0"),
    }
}
