//! The tables for people.

use std::fmt::Write as _;

use anyhow::Result;
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};

use crate::{
    lifecycle::STEPS,
    report::{Measured, Report, Turn, count, per},
};

/// All of them.
pub fn text(report: &Report) -> Result<String> {
    let mut nodes = vec![("empty", &report.empty)];
    nodes.extend(report.filled.as_ref().map(|filled| ("filled", filled)));
    let mut text = String::new();
    writeln!(
        text,
        "{} clients, {} s on {} cores; pgbench: {:.0} statements in {} transactions a case, {} of them of consumers",
        report.clients,
        report.seconds,
        report.cores,
        report.script.statements,
        report.script.transactions,
        report.script.consumer_transactions
    )?;
    writeln!(text, "{}", main(report, &nodes))?;
    for (name, measured) in &nodes {
        let mut reads = table(["read", "ms"]);
        for (path, ms) in &measured.reads {
            reads.add_row([path.clone(), format!("{ms:.1}")]);
        }
        let statements = statements(measured);
        writeln!(text, "\n{name}: single reads\n{reads}")?;
        writeln!(
            text,
            "\n{name}: statements under load, by time\n{statements}"
        )?;
    }
    Ok(text)
}

fn main(report: &Report, nodes: &[(&str, &Measured)]) -> Table {
    let header = ["", "wanted"].into_iter();
    let mut table = table(header.chain(nodes.iter().map(|(name, _)| *name)));
    let columns: Vec<_> = nodes.iter().map(|(_, measured)| rows(measured)).collect();
    for (at, (name, wanted, _)) in rows(&report.empty).into_iter().enumerate() {
        let values = columns.iter().filter_map(|rows| rows.get(at));
        let mut row = vec![name.to_owned(), wanted.to_owned()];
        row.extend(values.map(|(_, _, value)| value.clone()));
        table.add_row(row);
    }
    if let Some(filled) = &report.filled {
        let wanted = match filled.cases >= 5_000_000 {
            true => "0.9",
            false => "0.95",
        };
        let ratio = filled.rate() / report.empty.rate().max(f64::EPSILON);
        let name = "throughput, to that of the empty node";
        table.add_row([name, wanted, "", &format!("{ratio:.2}")]);
    }
    table
}

/// Name, what is wanted, what was found.
fn rows(m: &Measured) -> Vec<(&'static str, &'static str, String)> {
    let (looks, requests) = m.turns.iter().fold((0, 0), |sum, turn| {
        (sum.0 + turn.looks, sum.1 + turn.requests)
    });
    let a_second: f64 = m.turns.iter().map(|t| per(t.requests, t.seconds)).sum();
    let seeded = m.seeded_in.map_or_else(String::new, |s| format!("{s:.0}"));
    let ratio = m.rate() / m.pgbench_rate().max(f64::EPSILON);
    let mut rows = vec![
        ("cases before the load", "", m.cases.to_string()),
        ("database, MB", "", (m.bytes / 1_048_576).to_string()),
        ("seeded in, s", "", seeded),
        (
            "lifecycles/s, turn by turn",
            "",
            list(m.turns.iter().map(Turn::rate)),
        ),
        ("pgbench, lifecycles/s", "", list(m.pgbench.iter().copied())),
        ("node to pgbench", "0.7", format!("{ratio:.2}")),
        (
            "requests/s",
            "",
            format!("{:.0}", a_second / count(m.turns.len())),
        ),
        (
            "  before another service's fact, %",
            "",
            format!("{:.0}", 100.0 * per(looks, per(requests, 1.0).max(1.0))),
        ),
    ];
    // Of the last turn; the others are of the same kind.
    let steps = m
        .turns
        .last()
        .map(|turn| turn.steps.as_slice())
        .unwrap_or_default();
    for (name, step) in STEPS.into_iter().chain(["whole lifecycle"]).zip(steps) {
        rows.push((
            name,
            "",
            format!("{:.0} / {:.0} / {:.0}", step.p50, step.p95, step.p99),
        ));
    }
    let lag = format!("{:.0} / {:.0} / {:.0}", m.lag.p50, m.lag.p95, m.lag.p99);
    let consumed: f64 = m.per_case.consumed.values().sum();
    let cpu = |ms: f64| format!("{ms:.1}");
    rows.extend([
        (
            "statements a case",
            "",
            format!("{:.0}", m.per_case.statements),
        ),
        ("  consumers' transactions", "", format!("{consumed:.1}")),
        ("CPU ms a case: node", "", cpu(m.cpu_ms(|c| c.node))),
        ("  PostgreSQL", "", cpu(m.cpu_ms(|c| c.postgres))),
        ("  nats-server", "", cpu(m.cpu_ms(|c| c.nats))),
        ("  the clients", "", cpu(m.cpu_ms(|c| c.clients))),
        (
            "  PostgreSQL for pgbench",
            "",
            list(m.pgbench_cpu_ms.iter().copied()),
        ),
        ("half load, cases/s", "", format!("{:.1}", m.half_rate)),
        (
            "  command → reporting p50 / p95 / p99, ms",
            "p95 < 500",
            lag,
        ),
        (
            "RSS idle, MB (PSS)",
            "60",
            format!("{} ({})", m.idle_rss / 1024, m.idle_pss / 1024),
        ),
        (
            "RSS under load, MB",
            "200",
            (m.peak_rss() / 1024).to_string(),
        ),
    ]);
    rows
}

fn statements(measured: &Measured) -> Table {
    let mut table = table(["service", "calls", "ms each", "ms", "statement"]);
    for s in &measured.statements {
        let short: String = s.text.chars().take(90).collect();
        let (each, all) = (format!("{:.3}", s.mean_ms), format!("{:.0}", s.total_ms));
        table.add_row([s.role.clone(), s.calls.to_string(), each, all, short]);
    }
    table
}

fn table<'a>(header: impl IntoIterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header(header);
    table
}

fn list(values: impl Iterator<Item = f64>) -> String {
    let values: Vec<String> = values.map(|value| format!("{value:.1}")).collect();
    values.join(", ")
}
