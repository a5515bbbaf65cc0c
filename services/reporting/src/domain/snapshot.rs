//! The numbers of a period as they are closed: lines, totals, and the digest that proves them.
//!
//! A line counts the cases of one node, one dispute type and one outcome. The canonical text has one text line for each, in
//! the order of node, type and outcome by their bytes, every one ended with a line feed:
//!
//! ```text
//! <node>|<type code>|<outcome>|<received>|<amount in fen>
//! ```
//!
//! A type not decided and an outcome not reached are empty. The digest is `sha256:` and the SHA-256 of that text in UTF-8, in
//! lower-case hex. Nothing else goes in, so that equal numbers have equal digests wherever and whenever they were counted.

use std::{collections::BTreeMap, fmt::Write as _};

use contracts::{
    events::reporting::{PeriodEvents, PeriodType},
    region::RegionCode,
};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Text},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::outcome::Outcome;

/// The cases of one node, type and outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, QueryableByName, ToSchema)]
pub struct Line {
    /// The node that accepted them.
    #[diesel(sql_type = Text)]
    pub node: RegionCode,
    /// Dispute type as decided; empty = not decided.
    #[diesel(sql_type = Text)]
    pub type_code: String,
    /// How the work ended; empty = not concluded.
    #[diesel(sql_type = Text)]
    pub outcome: String,
    /// Cases.
    #[diesel(sql_type = BigInt)]
    pub received: i64,
    /// Amount in dispute, fen.
    #[diesel(sql_type = BigInt)]
    pub amount_fen: i64,
}

impl Line {
    /// What it is about; lines are sorted by it.
    #[must_use]
    pub fn key(&self) -> (RegionCode, &str, &str) {
        (self.node, &self.type_code, &self.outcome)
    }

    /// How many of the cases are settled 化解: agreed, settled by the parties themselves, or settled another way.
    #[must_use]
    pub fn settled(&self) -> i64 {
        match self.outcome.parse() {
            Ok(outcome) if Outcome::settled(outcome) => self.received,
            _ => 0,
        }
    }
}

/// The cases of a node in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodNode {
    /// The node.
    pub node: RegionCode,
    /// Cases received.
    pub received: i64,
    /// Of these, settled.
    pub settled: i64,
}

/// The numbers of a version, added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Numbers {
    /// By node that accepted the case.
    pub nodes: Vec<PeriodNode>,
    /// By dispute type.
    pub types: Vec<PeriodType>,
    /// How many events of each kind that goes up happened in the period.
    pub events: Vec<PeriodEvents>,
}

/// The numbers of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The lines, sorted by their key.
    pub lines: Vec<Line>,
    /// The events by kind, sorted.
    pub events: Vec<PeriodEvents>,
}

impl Snapshot {
    /// Sorts the lines as the canonical text needs them.
    #[must_use]
    pub fn new(mut lines: Vec<Line>, mut events: Vec<PeriodEvents>) -> Self {
        lines.sort_by(|a, b| a.key().cmp(&b.key()));
        events.sort_by(|a, b| a.kind.cmp(&b.kind));
        Self { lines, events }
    }

    /// All cases received.
    #[must_use]
    pub fn received(&self) -> i64 {
        self.lines.iter().map(|line| line.received).sum()
    }

    /// All cases settled.
    #[must_use]
    pub fn settled(&self) -> i64 {
        self.lines.iter().map(Line::settled).sum()
    }

    /// The text the digest is over.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            // Writing to a String cannot fail.
            _ = writeln!(
                text,
                "{}|{}|{}|{}|{}",
                line.node, line.type_code, line.outcome, line.received, line.amount_fen
            );
        }
        text
    }

    /// `sha256:` and 64 hex digits.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut text = "sha256:".to_owned();
        for byte in Sha256::digest(self.canonical()) {
            _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// Cases by type, those not decided first.
    #[must_use]
    pub fn types(&self) -> Vec<PeriodType> {
        let mut types: BTreeMap<Option<&str>, (i64, i64)> = BTreeMap::new();
        for line in &self.lines {
            let code = Some(line.type_code.as_str()).filter(|code| !code.is_empty());
            add(types.entry(code).or_default(), line);
        }
        let view = |(code, (received, settled)): (Option<&str>, (i64, i64))| PeriodType {
            type_code: code.map(str::to_owned),
            received,
            settled,
        };
        types.into_iter().map(view).collect()
    }

    /// Everything added up.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        let mut nodes: BTreeMap<RegionCode, (i64, i64)> = BTreeMap::new();
        for line in &self.lines {
            add(nodes.entry(line.node).or_default(), line);
        }
        let view = |(node, (received, settled))| PeriodNode {
            node,
            received,
            settled,
        };
        Numbers {
            nodes: nodes.into_iter().map(view).collect(),
            types: self.types(),
            events: self.events.clone(),
        }
    }

    /// The lines in which it differs from what was before, by key.
    #[must_use]
    pub fn changes(&self, before: &[Line]) -> Vec<LineChange> {
        let mut changes: BTreeMap<(RegionCode, &str, &str), LineChange> = BTreeMap::new();
        for (line, new) in before
            .iter()
            .map(|line| (line, false))
            .chain(self.lines.iter().map(|line| (line, true)))
        {
            let change = changes
                .entry(line.key())
                .or_insert_with(|| LineChange::of(line));
            let (received, amount) = if new {
                (&mut change.received, &mut change.amount_fen)
            } else {
                (&mut change.received_before, &mut change.amount_fen_before)
            };
            (*received, *amount) = (line.received, line.amount_fen);
        }
        let changed = changes.into_values().filter(|change| {
            change.received != change.received_before
                || change.amount_fen != change.amount_fen_before
        });
        changed.collect()
    }
}

fn add((received, settled): &mut (i64, i64), line: &Line) {
    *received += line.received;
    *settled += line.settled();
}

/// A line that a correction changed; 0 where there was or is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineChange {
    /// The node that accepted the cases.
    pub node: RegionCode,
    /// Dispute type; empty = not decided.
    pub type_code: String,
    /// How the work ended; empty = not concluded.
    pub outcome: String,
    /// Cases in the version before.
    pub received_before: i64,
    /// Cases now.
    pub received: i64,
    /// Amount in the version before, fen.
    pub amount_fen_before: i64,
    /// Amount now, fen.
    pub amount_fen: i64,
}

impl LineChange {
    fn of(line: &Line) -> Self {
        Self {
            node: line.node,
            type_code: line.type_code.clone(),
            outcome: line.outcome.clone(),
            received_before: 0,
            received: 0,
            amount_fen_before: 0,
            amount_fen: 0,
        }
    }
}
