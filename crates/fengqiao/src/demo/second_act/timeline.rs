//! The timeline of the case, read from the node, and what must be in it.

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use comfy_table::{Table, presets};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{SecondAct, people::People};

/// What must have happened, in this order.
const EXPECTED: &[&str] = &[
    "matter.registered",
    "matter.accepted",
    "triage.decided",
    "consultation.called",
    "consultation.reported_in",
    "consultation.reported_in",
    "consultation.concluded",
    "dispatch.signed",
    "case.studied",
    "case.studied",
    "case.studied",
    "taskforce.formed",
    "taskforce.planned",
    "mediation.opened",
    "mediation.started",
    "mediation.session_held",
    "mediation.paused",
    "mediation.resumed",
    "agreement.drafted",
    "agreement.effective",
    "confirmation.applied",
    "confirmation.joint_completed",
    "confirmation.ruled",
    "agreement.amended",
    "confirmation.applied",
    "confirmation.joint_completed",
    "confirmation.ruled",
    "performance.defaulted",
    "confirmation.enforcement_applied",
    "taskforce.dissolved",
];

/// Something that happened: no names, no words of anybody.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// The service where it happened.
    pub service: String,
    /// What: `<object>.<fact>`.
    pub fact: String,
    /// What, in Chinese.
    pub zh: String,
    /// What, in English.
    pub en: String,
}

/// Reads it, when everything has arrived.
pub async fn read(people: &People, case_id: &str) -> Result<Vec<Entry>> {
    let path = format!("/reporting/v1/cases/{case_id}/timeline?limit=200");
    let complete = |found: &Value| entries(found).is_ok_and(|of| missing(&of).is_empty());
    // What is still missing after the patience of a reader is for the check to tell.
    let found = people.api.get_when(&path, &people.leader, complete).await;
    let found = match found {
        Ok(found) => found,
        Err(_) => people.api.get(&path, &people.leader).await?,
    };
    entries(&found)
}

fn entries(found: &Value) -> Result<Vec<Entry>> {
    let items = found.get("items").context("no items")?;
    Ok(serde_json::from_value(items.clone())?)
}

/// What of [`EXPECTED`] is not there after what comes before it.
pub fn missing(entries: &[Entry]) -> Vec<&'static str> {
    let mut rest = entries.iter();
    let mut missing = Vec::new();
    for expected in EXPECTED {
        let before = rest.clone();
        if !rest.any(|entry| entry.fact == *expected) {
            missing.push(*expected);
            rest = before;
        }
    }
    missing
}

/// Prints it; what happened several times on end is one line.
#[expect(clippy::print_stdout, reason = "the demo's output")]
pub fn print(act: &SecondAct) {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(["时间 time", "service", "第二幕 one hard case", ""]);
    for same in act.timeline.chunk_by(|one, next| one.fact == next.fact) {
        let Some(first) = same.first() else { continue };
        let times = match same.len() {
            1 => String::new(),
            times => format!(" ×{times}"),
        };
        table.add_row([
            china(first.at),
            first.service.clone(),
            format!("{}{times}", first.zh),
            first.en.clone(),
        ]);
    }
    println!("{table}");
    if act.missing.is_empty() {
        println!(
            "第二幕 second act: {} facts of the case, everything in its place",
            act.timeline.len()
        );
    } else {
        println!("第二幕 second act: missing {}", act.missing.join(", "));
    }
}

fn china(at: DateTime<Utc>) -> String {
    (at + chrono::Duration::hours(8))
        .format("%H:%M:%S")
        .to_string()
}
