//! What was measured: tables for people, `target/bench/report.json` for programs.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use anyhow::Result;
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use serde::Serialize;

use crate::{
    lifecycle::STEPS,
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
    fn cpu_ms(&self, part: impl Fn(&Cpu) -> f64) -> f64 {
        let used: f64 = self.turns.iter().map(|turn| part(&turn.cpu)).sum();
        let done: u64 = self.turns.iter().map(|turn| turn.lifecycles).sum();
        1_000.0 * per(1, 1.0 / used.max(f64::EPSILON)) / per(done, 1.0).max(1.0)
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

impl Report {
    /// The tables.
    pub fn text(&self) -> Result<String> {
        let mut text = String::new();
        let nodes: Vec<(&str, &Measured)> = [
            Some(("empty", &self.empty)),
            self.filled.as_ref().map(|filled| ("filled", filled)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut table = table(
            ["", "wanted"]
                .into_iter()
                .chain(nodes.iter().map(|(name, _)| *name)),
        );
        for (name, wanted, value) in rows() {
            let mut row = vec![name.to_owned(), wanted.to_owned()];
            row.extend(nodes.iter().map(|(_, measured)| value(measured)));
            table.add_row(row);
        }
        if let Some(filled) = &self.filled {
            let ratio = filled.rate() / self.empty.rate().max(f64::EPSILON);
            let wanted = if filled.cases >= 5_000_000 {
                "0.9"
            } else {
                "0.95"
            };
            let ratio = format!("{ratio:.2}");
            table.add_row(vec![
                "throughput to that of empty".to_owned(),
                wanted.to_owned(),
                String::new(),
                ratio,
            ]);
        }
        writeln!(
            text,
            "{} clients, {} s on {} cores; pgbench: {:.0} statements in {} transactions a case, {} of them of consumers\n{table}",
            self.clients,
            self.seconds,
            self.cores,
            self.script.statements,
            self.script.transactions,
            self.script.consumer_transactions
        )?;
        for (name, measured) in &nodes {
            writeln!(text, "\n{name}: reads, ms\n{}", reads(measured))?;
            writeln!(
                text,
                "\n{name}: statements under load, by time\n{}",
                statements(measured)
            )?;
        }
        Ok(text)
    }
}

type Row = (&'static str, &'static str, Box<dyn Fn(&Measured) -> String>);

fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = vec![
        (
            "cases before the load",
            "",
            Box::new(|m| m.cases.to_string()),
        ),
        (
            "database, MB",
            "",
            Box::new(|m| (m.bytes / 1_048_576).to_string()),
        ),
        (
            "seeded in, s",
            "",
            Box::new(|m| m.seeded_in.map_or_else(String::new, |s| format!("{s:.0}"))),
        ),
        (
            "lifecycles/s, by turns",
            "",
            Box::new(|m| list(m.turns.iter().map(Turn::rate))),
        ),
        (
            "requests/s",
            "",
            Box::new(|m| {
                format!(
                    "{:.0}",
                    m.turns
                        .iter()
                        .map(|t| per(t.requests, t.seconds))
                        .sum::<f64>()
                        / count(m.turns.len())
                )
            }),
        ),
        (
            "of these too early, %",
            "",
            Box::new(|m| {
                let (looks, all) = m
                    .turns
                    .iter()
                    .fold((0, 0), |sum, t| (sum.0 + t.looks, sum.1 + t.requests));
                format!("{:.0}", 100.0 * per(looks, 1.0) / per(all, 1.0).max(1.0))
            }),
        ),
        (
            "pgbench, lifecycles/s, by turns",
            "",
            Box::new(|m| list(m.pgbench.iter().copied())),
        ),
        (
            "node to pgbench",
            "0.7",
            Box::new(|m| format!("{:.2}", m.rate() / m.pgbench_rate().max(f64::EPSILON))),
        ),
    ];
    let names = STEPS.into_iter().chain(["whole lifecycle"]);
    for (at, name) in names.enumerate() {
        rows.push((
            name,
            "",
            Box::new(move |m| {
                // The last turn: the others are of the same kind.
                let step = m
                    .turns
                    .last()
                    .and_then(|turn| turn.steps.get(at))
                    .copied()
                    .unwrap_or_default();
                format!("{:.0} / {:.0} / {:.0}", step.p50, step.p95, step.p99)
            }),
        ));
    }
    rows.extend([
        (
            "statements a case, node",
            "",
            Box::new(|m: &Measured| format!("{:.0}", m.per_case.statements))
                as Box<dyn Fn(&Measured) -> String>,
        ),
        (
            "  of consumers' transactions",
            "",
            Box::new(|m| format!("{:.1}", m.per_case.consumed.values().sum::<f64>())),
        ),
        (
            "CPU ms a case: node",
            "",
            Box::new(|m: &Measured| format!("{:.1}", m.cpu_ms(|c| c.node)))
                as Box<dyn Fn(&Measured) -> String>,
        ),
        (
            "  PostgreSQL",
            "",
            Box::new(|m| format!("{:.1}", m.cpu_ms(|c| c.postgres))),
        ),
        (
            "  nats-server",
            "",
            Box::new(|m| format!("{:.1}", m.cpu_ms(|c| c.nats))),
        ),
        (
            "  the clients",
            "",
            Box::new(|m| format!("{:.1}", m.cpu_ms(|c| c.clients))),
        ),
        (
            "  PostgreSQL for pgbench",
            "",
            Box::new(|m| list(m.pgbench_cpu_ms.iter().copied())),
        ),
        (
            "half load, cases/s",
            "",
            Box::new(|m| format!("{:.1}", m.half_rate)),
        ),
        (
            "  command → reporting p50 / p95 / p99, ms",
            "p95 < 500",
            Box::new(|m| format!("{:.0} / {:.0} / {:.0}", m.lag.p50, m.lag.p95, m.lag.p99)),
        ),
        (
            "RSS idle, MB (PSS)",
            "60",
            Box::new(|m| format!("{} ({})", m.idle_rss / 1024, m.idle_pss / 1024)),
        ),
        (
            "RSS under load, MB",
            "200",
            Box::new(|m| (m.peak_rss() / 1024).to_string()),
        ),
    ]);
    rows
}

fn reads(measured: &Measured) -> Table {
    let mut table = table(["read", "ms"]);
    for (name, ms) in &measured.reads {
        table.add_row([name.clone(), format!("{ms:.1}")]);
    }
    table
}

fn statements(measured: &Measured) -> Table {
    let mut table = table(["service", "calls", "ms each", "ms", "statement"]);
    for s in &measured.statements {
        let short: String = s.text.chars().take(90).collect();
        table.add_row([
            s.role.clone(),
            s.calls.to_string(),
            format!("{:.3}", s.mean_ms),
            format!("{:.0}", s.total_ms),
            short,
        ]);
    }
    table
}

fn table<'a>(header: impl IntoIterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header(header);
    table
}

fn list(values: impl Iterator<Item = f64>) -> String {
    values
        .map(|value| format!("{value:.1}"))
        .collect::<Vec<_>>()
        .join(" ")
}

fn per(count: u64, seconds: f64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / seconds
}

fn count(length: usize) -> f64 {
    f64::from(u32::try_from(length.max(1)).unwrap_or(1))
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
