//! The demo's table and its `report.json`.

use std::path::Path;

use anyhow::{Context as _, Result};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::Value;

use super::check::Outcome;

/// Prints the table.
#[expect(clippy::print_stdout, reason = "the demo's output")]
pub fn print(outcome: &Outcome) {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "纠纷类型 type",
        "件数 count",
        "占比 share %",
        "合计为 100.0 的占比",
    ]);
    let text = |v: Option<&Value>| v.map(ToString::to_string).unwrap_or_default();
    for (name, count) in &outcome.types {
        let (plain, to_100) = (
            outcome.shares_pct.get(name),
            outcome.shares_to_100_pct.get(name),
        );
        table.add_row([name.clone(), count.to_string(), text(plain), text(to_100)]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{table}");
    println!(
        "受理 received {}   化解 settled {}   化解成功率 {} %",
        outcome.received, outcome.settled, outcome.settled_rate_pct
    );
    println!(
        "司法确认 confirmed {}   履行 obligations performed {}",
        outcome.confirmed, outcome.obligations
    );
    println!(
        "类型建议被采纳 proposed type was the chosen one: {} of {}",
        outcome.types_as_proposed, outcome.received
    );
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "consumer",
        "published for it",
        "applied",
        "missing",
        "dead letters",
    ]);
    for c in &outcome.consumers {
        table.add_row([
            c.consumer.to_string(),
            c.published.to_string(),
            c.applied.to_string(),
            c.missing.to_string(),
            c.dead_letters.to_string(),
        ]);
    }
    println!("{table}");
    println!(
        "events {}   dead letters {}   {} s",
        outcome.events, outcome.dead_letters, outcome.seconds
    );
}

/// Writes the report.
pub fn write(outcome: &Outcome, path: &Path) -> Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    std::fs::write(path, serde_json::to_string_pretty(outcome)? + "\n")
        .with_context(|| path.display().to_string())
}
