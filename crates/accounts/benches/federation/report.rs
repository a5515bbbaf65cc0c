//! The table and the line of JSON.

use std::io::Write as _;

use anyhow::Result;
use serde_json::{Value, json};

use crate::catch_up::Round;
use crate::lag::{Lag, Percentiles};
use crate::memory::Memory;
use crate::node::Stored;
use crate::options::Options;

/// Catching up shall be at least so fast, relative to local sourcing.
const WANTED: f64 = 0.7;

/// Everything measured.
pub struct Report {
    pub version: String,
    pub options: Options,
    pub memory: Memory,
    /// Memory of the server above after the last cut, in kB.
    pub after: u64,
    pub catch_up: Vec<Round>,
    pub lag: Lag,
    pub stored: Stored,
}

impl Report {
    pub fn print(&self) -> Result<()> {
        let mut out = std::io::stdout().lock();
        for (name, value) in self.rows() {
            writeln!(out, "{name:<58} {value}")?;
        }
        writeln!(out, "{}", self.json())?;
        Ok(())
    }

    /// The median of the rounds.
    fn rounds(&self, value: impl Fn(&Round) -> f64) -> f64 {
        let mut values = self.each_round(value);
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    }

    fn each_round(&self, value: impl Fn(&Round) -> f64) -> Vec<f64> {
        self.catch_up.iter().map(value).collect()
    }

    /// kB of the server above for each child.
    fn each(&self, from: u64, to: u64) -> i64 {
        let difference = i64::try_from(to).unwrap_or(i64::MAX) - i64::try_from(from).unwrap_or(0);
        difference / i64::from(self.options.children)
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let (m, o) = (&self.memory, &self.options);
        let lag = |Percentiles { p50, p95, p99, max }: Percentiles| {
            format!("{p50:.2} {p95:.2} {p99:.2} {max:.2}")
        };
        vec![
            (
                "nats-server, children, messages in a cut, rounds",
                format!(
                    "{} {} {} {}",
                    self.version,
                    o.children,
                    o.events_all(),
                    o.rounds
                ),
            ),
            (
                "server above: alone, links, UP, DOWN, after the cuts, kB",
                format!(
                    "{} {} {} {} {}",
                    m.before, m.links, m.up, m.down, self.after
                ),
            ),
            (
                "  for each child: link, UP, DOWN, together, kB",
                format!(
                    "{} {} {} {}",
                    self.each(m.before, m.links),
                    self.each(m.links, m.up),
                    self.each(m.up, m.down),
                    self.each(m.before, m.down),
                ),
            ),
            ("a server below, kB", m.child.to_string()),
            (
                "sourcing from its own stream, messages/s",
                format!("{:.0}", self.rounds(|r| r.local)),
            ),
            (
                "catching up without pauses, messages/s",
                format!("{:.0}", self.rounds(|r| r.rate)),
            ),
            (
                "  ratio (wanted: 0.7)",
                format!("{:.2}", self.rounds(Round::ratio)),
            ),
            (
                "  after the start above: first and last message, s",
                format!(
                    "{:.1} {:.1}",
                    self.rounds(|r| r.waited),
                    self.rounds(|r| r.complete)
                ),
            ),
            (
                "lag at a steady rate: messages/s, s",
                format!("{} {}", o.rate, o.seconds),
            ),
            ("  sent: p50 p95 p99 max, ms", lag(self.lag.sent)),
            ("  stored above: p50 p95 p99 max, ms", lag(self.lag.stored)),
            ("  read above: p50 p95 p99 max, ms", lag(self.lag.read)),
            (
                "a message: bytes of the stream's limit, bytes on disk",
                format!("{} {}", self.stored.counted, self.stored.on_disk),
            ),
        ]
    }

    fn json(&self) -> Value {
        let (m, o) = (&self.memory, &self.options);
        let lag = |p: Percentiles| {
            json!({
                "p50": rounded(p.p50), "p95": rounded(p.p95), "p99": rounded(p.p99), "max": rounded(p.max),
            })
        };
        json!({
            "nats_server": self.version,
            "children": o.children,
            "events": o.events_all(),
            "rounds": o.rounds,
            "rate": o.rate,
            "seconds": o.seconds,
            "sync": if o.sync_always { "always" } else { "interval" },
            "hub_kb": {
                "before": m.before, "links": m.links, "up": m.up, "down": m.down, "after": self.after,
            },
            "hub_kb_per_child": {
                "link": self.each(m.before, m.links),
                "up": self.each(m.links, m.up),
                "down": self.each(m.up, m.down),
                "all": self.each(m.before, m.down),
            },
            "child_kb": m.child,
            "local_per_second": self.each_round(|r| r.local.round()),
            "catch_up_per_second": self.each_round(|r| r.rate.round()),
            "first_to_last_seconds": self.each_round(|r| rounded(r.complete - r.waited)),
            "waited_seconds": self.each_round(|r| rounded(r.waited)),
            "complete_seconds": self.each_round(|r| rounded(r.complete)),
            "ratio": rounded(self.rounds(Round::ratio)),
            "wanted": WANTED,
            "lag_ms": {
                "sent": lag(self.lag.sent),
                "stored": lag(self.lag.stored),
                "read": lag(self.lag.read),
            },
            "message_bytes": { "counted": self.stored.counted, "on_disk": self.stored.on_disk },
        })
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
