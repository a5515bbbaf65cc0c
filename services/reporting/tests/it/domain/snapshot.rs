//! The lines of a period and their digest.

use contracts::events::reporting::PeriodEvents;
use proptest::prelude::*;
use reporting::domain::snapshot::{Line, Snapshot};

fn line(node: &str, type_code: &str, outcome: &str, received: i64) -> Line {
    Line {
        node: node.parse().unwrap(),
        type_code: type_code.to_owned(),
        outcome: outcome.to_owned(),
        received,
        amount_fen: received * 100,
    }
}

fn snapshot(lines: &[Line]) -> Snapshot {
    let events = PeriodEvents {
        kind: "matter.accepted".to_owned(),
        count: 1,
    };
    Snapshot::new(lines.to_vec(), vec![events])
}

#[test]
fn the_canonical_text_is_sorted_lines() {
    let made = snapshot(&[
        line("620602", "neighbour", "agreed", 3),
        line("620602", "", "", 1),
        line("6206", "neighbour", "failed", 2),
        line("620602", "neighbour", "", 4),
    ]);
    let text = "6206|neighbour|failed|2|200\n620602|||1|100\n620602|neighbour||4|400\n620602|neighbour|agreed|3|300\n";
    assert_eq!(made.canonical(), text);
    // printf '<the text>' | sha256sum
    assert_eq!(
        made.digest(),
        "sha256:312dfb41da456b4645b6109c90e63ee50b116f147847f38b03c37f8a871ab31f"
    );
    assert_eq!((made.received(), made.settled()), (10, 3));
}

#[test]
fn an_empty_period_has_the_digest_of_no_text() {
    let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(snapshot(&[]).digest(), empty);
}

#[test]
fn changes_name_every_line_that_differs() {
    let before = [
        line("6206", "", "", 5),
        line("6206", "neighbour", "agreed", 1),
    ];
    let after = snapshot(&[line("6206", "", "", 4), line("6206", "labour", "", 2)]);
    let mut before = before.to_vec();
    let changes = after.changes(&before);
    let shown: Vec<_> = changes
        .iter()
        .map(|change| {
            (
                change.type_code.as_str(),
                change.received_before,
                change.received,
            )
        })
        .collect();
    assert_eq!(shown, [("", 5, 4), ("labour", 0, 2), ("neighbour", 1, 0)]);
    before = after.lines.clone();
    assert_eq!(after.changes(&before), []);
}

proptest! {
    #[test]
    fn nodes_and_types_add_up_to_the_total_in_any_order(
        cases in prop::collection::btree_map(("62|6206|620602", "|neighbour|labour", "|agreed|failed|self_settled"), 1_i64..100, 0..20),
    ) {
        let lines: Vec<Line> = cases.iter().map(|((node, kind, outcome), count)| line(node, kind, outcome, *count)).collect();
        let made = snapshot(&lines);
        let numbers = made.numbers();
        prop_assert_eq!(numbers.nodes.iter().map(|one| one.received).sum::<i64>(), made.received());
        prop_assert_eq!(numbers.nodes.iter().map(|one| one.settled).sum::<i64>(), made.settled());
        prop_assert_eq!(numbers.types.iter().map(|one| one.received).sum::<i64>(), made.received());
        prop_assert_eq!(numbers.types.iter().map(|one| one.settled).sum::<i64>(), made.settled());
        let backwards: Vec<Line> = lines.into_iter().rev().collect();
        prop_assert_eq!(snapshot(&backwards).digest(), made.digest());
    }
}
