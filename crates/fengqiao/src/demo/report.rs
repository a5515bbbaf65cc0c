//! The demo's table and its `report.json`.

use std::path::Path;

use anyhow::{Context as _, Result};
use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;
use serde_json::Value;

use super::{
    check::{MEMORY_MIB, Outcome},
    second_act::SecondAct,
};

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
        "司法确认 confirmed {}   履行 obligations performed {}   告知其他途径 told of other ways {}",
        outcome.confirmed, outcome.obligations, outcome.notices
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
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["level", "received", "settled"]);
    for (node, level) in &outcome.levels {
        table.add_row([
            node.clone(),
            level.received.to_string(),
            level.settled.to_string(),
        ]);
    }
    println!("{table}");
    let requests = &outcome.requests;
    println!(
        "上报 reported up {}   交办 assigned {}   退回 returned {}   指定 designated {}   督办 supervised {}   办结 finished {}",
        requests.reported_up,
        requests.assigned,
        requests.returned,
        requests.designated,
        requests.supervised,
        requests.finished
    );
    println!(
        "link cut {} s   caught up in {} s   lost {}   duplicates {}   differences {}   names seen {}",
        outcome.disturbed.cut_seconds,
        outcome.disturbed.catch_up_seconds,
        outcome.lost,
        outcome.duplicates,
        outcome.differences.len(),
        outcome.names_seen
    );
    println!(
        "events {}   dead letters {}   memory {} MiB (at most {MEMORY_MIB})   {} s",
        outcome.events, outcome.dead_letters, outcome.memory_mib, outcome.seconds
    );
}

/// What is written: the figures, and the second act when it was played to its end.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    outcome: &'a Outcome,
    act2: Option<&'a SecondAct>,
}

/// Writes the report.
pub fn write(outcome: &Outcome, act2: Option<&SecondAct>, path: &Path) -> Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    std::fs::write(
        path,
        serde_json::to_string_pretty(&Report { outcome, act2 })? + "\n",
    )
    .with_context(|| path.display().to_string())
}
