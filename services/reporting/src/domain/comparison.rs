//! What a lower node reports of a period against what is counted here from its facts.

use std::collections::BTreeMap;

use contracts::{
    events::reporting::{PeriodClosed, PeriodEvents, PeriodType},
    text_enum,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::snapshot::Snapshot;

text_enum! {
    /// A figure of a period that two nodes count.
    pub enum Figure {
        /// Cases received, all or of a type.
        Received => "received",
        /// Cases settled, all or of a type.
        Settled => "settled",
        /// Events of a kind.
        Events => "events",
        /// The digest: the lines differ, also where the sums are equal.
        Digest => "digest",
    }
}

/// A figure in which a node's report and the count here differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// Which figure.
    pub figure: Figure,
    /// Of what: a dispute type (empty = not decided) or a kind of event; null = of all.
    pub of: Option<String>,
    /// What the node reports; null for the digest.
    pub reported: Option<i64>,
    /// What is counted here; null for the digest.
    pub counted: Option<i64>,
}

/// Every figure in which they differ; none when all agree.
#[must_use]
pub fn differences(reported: &PeriodClosed, counted: &Snapshot) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |figure, of: Option<&str>, reported: i64, counted: i64| {
        if reported != counted {
            found.push(Difference {
                figure,
                of: of.map(str::to_owned),
                reported: Some(reported),
                counted: Some(counted),
            });
        }
    };
    compare(
        Figure::Received,
        None,
        reported.received,
        counted.received(),
    );
    compare(Figure::Settled, None, reported.settled, counted.settled());
    let own = counted.types();
    let received = |one: &PeriodType| one.received;
    let pairs = paired(by_type(&reported.types, received), by_type(&own, received));
    for (code, (theirs, ours)) in pairs {
        compare(Figure::Received, Some(&code), theirs, ours);
    }
    let settled = |one: &PeriodType| one.settled;
    let pairs = paired(by_type(&reported.types, settled), by_type(&own, settled));
    for (code, (theirs, ours)) in pairs {
        compare(Figure::Settled, Some(&code), theirs, ours);
    }
    let by_kind = |events: &[PeriodEvents]| {
        let pairs = events.iter().map(|one| (one.kind.clone(), one.count));
        pairs.collect()
    };
    for (kind, (theirs, ours)) in paired(by_kind(&reported.events), by_kind(&counted.events)) {
        compare(Figure::Events, Some(&kind), theirs, ours);
    }
    if reported.digest != counted.digest() {
        found.push(Difference {
            figure: Figure::Digest,
            of: None,
            reported: None,
            counted: None,
        });
    }
    found
}

/// A figure of each type; no code = not decided.
fn by_type(types: &[PeriodType], figure: fn(&PeriodType) -> i64) -> BTreeMap<String, i64> {
    let code = |one: &PeriodType| one.type_code.clone().unwrap_or_default();
    types.iter().map(|one| (code(one), figure(one))).collect()
}

/// Two counts by the same key; what only one has is 0 in the other.
fn paired(
    theirs: BTreeMap<String, i64>,
    ours: BTreeMap<String, i64>,
) -> BTreeMap<String, (i64, i64)> {
    let mut pairs: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (key, count) in theirs {
        pairs.entry(key).or_default().0 = count;
    }
    for (key, count) in ours {
        pairs.entry(key).or_default().1 = count;
    }
    pairs
}
