//! What events say, against the catalogue.

use std::collections::BTreeSet;

use contracts::{border::GOES_UP, events::catalogue};
use reporting::domain::{
    entry::{COLUMNS, Merge},
    facts, names,
};

#[test]
fn every_kind_of_event_has_a_name_and_every_kind_applied_exists() {
    let known: BTreeSet<String> = catalogue()
        .iter()
        .map(|kind| format!("{}.{}", kind.object, kind.fact))
        .collect();
    for kind in &known {
        let (zh, en) = names::fact(kind).unwrap_or_else(|| panic!("{kind} has no name"));
        assert!(!zh.is_empty() && !en.is_empty());
    }
    for kind in facts::KINDS {
        assert!(known.contains(*kind), "{kind}");
    }
}

/// Else a level above would count less than the node itself.
#[test]
fn every_kind_applied_goes_up() {
    for kind in facts::KINDS {
        assert!(GOES_UP.contains(kind), "{kind}");
    }
}

#[test]
fn a_type_of_event_is_taken_apart() {
    assert_eq!(
        facts::parts("fengqiao.judicial-confirmation.confirmation.ruled.v1"),
        Some(("judicial-confirmation", "confirmation.ruled"))
    );
    assert_eq!(facts::parts("fengqiao.intake.matter.accepted.v2"), None);
    assert_eq!(facts::parts(""), None);
}

#[test]
fn a_column_goes_with_a_column_that_is_the_latest_or_the_first() {
    for (name, merge) in COLUMNS {
        let (time, rule) = match merge {
            Merge::With(time) => (time, Merge::Last),
            Merge::WithFirst(time) => (time, Merge::First),
            _ => continue,
        };
        let found = COLUMNS.iter().find(|(column, _)| column == time);
        assert_eq!(
            found.map(|(_, merge)| *merge),
            Some(rule),
            "{name} goes with {time}"
        );
    }
}
