//! Free times of an organisation.

use chrono::{DateTime, NaiveDate, Utc};
use intake::domain::{
    Refusal,
    appointment::{days, free},
};

use super::matter::{POLICY, beginning};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn free_times_are_pieces_of_office_hours_that_are_not_full() {
    // Tuesday, 10:00 in China; offices open 08:30–12:00 and 14:30–18:00, an appointment takes an hour, two may overlap.
    let now = beginning();
    let today = (day("2026-09-01"), day("2026-09-01"));
    let begins = |found: &[intake::domain::appointment::FreeSlot]| -> Vec<String> {
        let times = found
            .iter()
            .map(|slot| slot.starts_at.format("%H:%M").to_string());
        times.collect()
    };
    let all = free(today, &[], &POLICY, now);
    // What has begun already is not offered.
    assert!(
        all.iter()
            .all(|slot| slot.starts_at > now && slot.left == 2)
    );
    let first = all.first().unwrap();
    let taken = [(first.starts_at, first.ends_at)];
    let one_left = free(today, &taken, &POLICY, now);
    assert_eq!((one_left.len(), one_left[0].left), (all.len(), 1));
    // One that lies across two pieces takes a place in both.
    let across = first.starts_at + (first.ends_at - first.starts_at) / 2;
    let taken = [
        taken[0],
        (across, across + (first.ends_at - first.starts_at)),
    ];
    let full = free(today, &taken, &POLICY, now);
    assert!(!begins(&full).contains(&begins(&all)[0]));
    assert_eq!(full.len() + 1, all.len());
    // Saturday; and each of the times that are offered can be asked for.
    assert!(free((day("2026-09-05"), day("2026-09-05")), &[], &POLICY, now).is_empty());
    let week = free((day("2026-09-01"), day("2026-09-07")), &[], &POLICY, now);
    assert!(week.len() > all.len());
    for slot in week {
        let end = intake::domain::appointment::slot(slot.starts_at, &POLICY, now).unwrap();
        assert_eq!(end, slot.ends_at);
    }
}

#[test]
fn days_are_those_on_which_one_can_ask() {
    let (now, ahead) = (at("2026-09-01T16:30:00Z"), 30);
    // Past midnight in China.
    let today = day("2026-09-02");
    let last = today + chrono::Duration::days(ahead);
    for (from, to, found) in [
        (None, None, Ok((today, last))),
        (Some("2026-08-01"), Some("2027-01-01"), Ok((today, last))),
        (
            Some("2026-09-04"),
            Some("2026-09-04"),
            Ok((day("2026-09-04"), day("2026-09-04"))),
        ),
        (
            Some("2026-09-05"),
            Some("2026-09-04"),
            Err(Refusal::DaysReversed),
        ),
    ] {
        assert_eq!(
            days(from.map(day), to.map(day), &POLICY, now),
            found,
            "{from:?} {to:?}"
        );
    }
    // Days that lie behind, or too far ahead: nothing is free.
    let behind = days(
        Some(day("2026-08-01")),
        Some(day("2026-08-02")),
        &POLICY,
        now,
    )
    .unwrap();
    assert!(free(behind, &[], &POLICY, now).is_empty());
}
