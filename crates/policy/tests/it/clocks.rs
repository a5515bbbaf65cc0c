//! Time limits on the real calendar.

use chrono::{DateTime, NaiveDate, Utc};
use policy::{
    Calendar, ClockRule, Due,
    clock::{ExtendError, WorkingHours},
};
use rstest::rstest;

use super::pack;

fn calendar() -> Calendar {
    pack("62").calendar().clone()
}

/// An instant from Beijing time.
fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+08:00")
        .parse::<DateTime<chrono::FixedOffset>>()
        .unwrap()
        .to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A rule from its varying parts.
fn rule(parts: serde_json::Value) -> ClockRule {
    let mut rule = serde_json::json!({
        "id": "test", "name": {"zh": "测试", "en": "Test"}, "kind": "target", "unit": "day", "amount": 1,
        "starts_at": "now", "breach": "record", "law": "test"
    });
    for (key, value) in parts.as_object().unwrap() {
        rule[key] = value.clone();
    }
    serde_json::from_value(rule).unwrap()
}

fn days(unit: &str, amount: u32, roll: bool) -> ClockRule {
    let roll = if roll { "next_working_day" } else { "none" };
    rule(serde_json::json!({"unit": unit, "amount": amount, "roll": roll}))
}

#[rstest]
// 3 working days after Friday 2026-02-13: Saturday 02-14 is a make-up day, then the Spring Festival.
#[case("working_day", 3, false, "2026-02-13T17:30", "2026-02-25")]
#[case("working_day", 1, false, "2026-02-13T09:00", "2026-02-14")]
#[case("working_day", 0, false, "2026-02-14T09:00", "2026-02-14")]
#[case("working_day", 0, false, "2026-02-16T09:00", "2026-02-24")]
#[case("working_day", 1, false, "2026-09-30T23:59", "2026-10-08")]
// 30 days from effect: the day of effect does not count, National Day rolls to 10-08.
#[case("day", 30, true, "2026-09-01T10:00", "2026-10-08")]
#[case("day", 30, false, "2026-09-01T10:00", "2026-10-01")]
#[case("day", 30, true, "2026-09-01T00:00", "2026-10-08")]
#[case("day", 30, true, "2026-09-01T23:59", "2026-10-08")]
// Ends on a make-up Saturday: a working day, so it stays.
#[case("day", 30, true, "2026-09-10T10:00", "2026-10-10")]
// Ends on an ordinary Sunday.
#[case("day", 30, true, "2026-03-13T10:00", "2026-04-13")]
#[case("day", 1, true, "2026-06-18T10:00", "2026-06-22")]
// Months end on the day of the same number, or the month's last.
#[case("month", 1, false, "2026-01-31T10:00", "2026-02-28")]
#[case("month", 1, false, "2024-01-31T10:00", "2024-02-29")]
#[case("month", 1, false, "2026-02-28T10:00", "2026-03-28")]
#[case("month", 6, false, "2026-01-31T10:00", "2026-07-31")]
#[case("month", 1, true, "2026-04-01T10:00", "2026-05-06")]
fn last_day(
    #[case] unit: &str,
    #[case] amount: u32,
    #[case] roll: bool,
    #[case] start: &str,
    #[case] last: &str,
) {
    let due = days(unit, amount, roll).due(at(start), &calendar());
    assert_eq!(due.last_day, day(last));
    assert!(!due.provisional);
    let midnight = last.to_owned() + "T23:59";
    assert!(due.in_time(at(&midnight)));
    assert_eq!(due.at, at(&midnight) + chrono::TimeDelta::minutes(1));
    assert!(!due.in_time(due.at));
}

#[test]
fn beijing_decides_what_day_it_is() {
    // 16:30 UTC on 31 August is already 1 September in Beijing.
    let start: DateTime<Utc> = "2026-08-31T16:30:00Z".parse().unwrap();
    let due = days("day", 30, true).due(start, &calendar());
    assert_eq!(due.nominal_day, day("2026-10-01"));
    assert_eq!(due.last_day, day("2026-10-08"));
    assert_eq!(
        due.at,
        "2026-10-08T16:00:00Z".parse::<DateTime<Utc>>().unwrap()
    );
}

#[test]
fn reaching_into_a_year_not_announced_is_provisional() {
    let calendar = calendar();
    let roll = days("day", 30, true);
    let due = roll.due(at("2026-12-02T10:00"), &calendar);
    // 2027-01-01 is a fixed holiday and a Friday: 01-04 unless the announcement says otherwise.
    assert_eq!((due.last_day, due.provisional), (day("2027-01-04"), true));
    let due = days("working_day", 10, false).due(at("2026-12-20T10:00"), &calendar);
    assert!(due.provisional);
    // Without rolling nothing depends on the calendar.
    let due = days("day", 30, false).due(at("2026-12-02T10:00"), &calendar);
    assert_eq!((due.last_day, due.provisional), (day("2027-01-01"), false));
    let due = days("working_day", 3, false).due(at("2026-12-14T10:00"), &calendar);
    assert_eq!((due.last_day, due.provisional), (day("2026-12-17"), false));
}

#[rstest]
#[case("hour", 4, "2026-02-13T22:00", "2026-02-14T02:00")]
// 09:00-12:00 and 14:00-18:00.
#[case("working_hour", 4, "2026-03-02T10:00", "2026-03-02T16:00")]
#[case("working_hour", 2, "2026-03-02T10:00", "2026-03-02T12:00")]
#[case("working_hour", 1, "2026-03-02T12:30", "2026-03-02T15:00")]
#[case("working_hour", 2, "2026-03-02T17:00", "2026-03-03T10:00")]
#[case("working_hour", 7, "2026-03-02T09:00", "2026-03-02T18:00")]
#[case("working_hour", 8, "2026-03-02T09:00", "2026-03-03T10:00")]
// Friday evening before the Spring Festival: Saturday is a make-up day.
#[case("working_hour", 8, "2026-02-13T20:00", "2026-02-24T10:00")]
fn hours(#[case] unit: &str, #[case] amount: u32, #[case] start: &str, #[case] end: &str) {
    let due = days(unit, amount, false).due(at(start), &calendar());
    assert_eq!(due.at, at(end));
}

#[test]
fn other_office_hours_give_other_ends() {
    let hours: WorkingHours = serde_json::from_value(
        serde_json::json!([{"from": "08:30", "to": "11:30"}, {"from": "14:30", "to": "17:30"}]),
    )
    .unwrap();
    let calendar = calendar().with_working_hours(hours);
    let due = days("working_hour", 4, false).due(at("2026-03-02T08:30"), &calendar);
    assert_eq!(due.at, at("2026-03-02T15:30"));
    for wrong in [
        serde_json::json!([]),
        serde_json::json!([{"from": "12:00", "to": "09:00"}]),
        serde_json::json!([{"from": "09:00", "to": "12:00"}, {"from": "11:00", "to": "18:00"}]),
        serde_json::json!([{"from": "9 o'clock", "to": "12:00"}]),
    ] {
        assert!(serde_json::from_value::<WorkingHours>(wrong).is_err());
    }
}

#[test]
fn office_minutes_between_two_instants() {
    let calendar = calendar();
    let minutes = |from: &str, to: &str| {
        calendar
            .working_hours()
            .minutes_between(at(from), at(to), &calendar)
    };
    assert_eq!(minutes("2026-03-02T11:00", "2026-03-02T15:00"), 120);
    assert_eq!(
        minutes("2026-02-13T17:00", "2026-02-24T10:00"),
        60 + 7 * 60 + 60
    );
    assert_eq!(minutes("2026-03-02T15:00", "2026-03-02T11:00"), 0);
    assert_eq!(minutes("2026-03-07T09:00", "2026-03-08T18:00"), 0);
}

#[test]
fn a_pause_moves_the_end_by_what_was_missed() {
    let calendar = calendar();
    let paused = at("2026-03-05T10:00");
    let resumed = at("2026-03-15T09:00");
    let resume = |unit, amount| {
        let rule = days(unit, amount, unit != "hour");
        let due = rule.due(at("2026-03-02T10:00"), &calendar);
        rule.resume_after_pause(&due, paused, resumed, &calendar)
    };
    assert_eq!(resume("day", 20).last_day, day("2026-04-01"));
    // 03-06, 03-09 … 03-13: six working days.
    assert_eq!(resume("working_day", 10).last_day, day("2026-03-24"));
    assert_eq!(
        resume("hour", 100).at,
        at("2026-03-06T14:00") + (resumed - paused)
    );
    // 21 of 30 office hours were used when it stood still; 9 remain from Monday the 16th on.
    assert_eq!(resume("working_hour", 30).at, at("2026-03-17T11:00"));
}

#[test]
fn a_pause_counts_from_the_day_before_rolling() {
    let calendar = calendar();
    let rule = days("day", 30, true);
    let due = rule.due(at("2026-09-01T10:00"), &calendar);
    let resumed = rule.resume_after_pause(
        &due,
        at("2026-09-10T10:00"),
        at("2026-09-15T10:00"),
        &calendar,
    );
    assert_eq!(resumed.nominal_day, day("2026-10-06"));
    assert_eq!(resumed.last_day, day("2026-10-08"));
    // A pause that ends before it begins, or within the day, moves nothing.
    let same = rule.resume_after_pause(
        &due,
        at("2026-09-15T10:00"),
        at("2026-09-10T10:00"),
        &calendar,
    );
    assert_eq!(same, due);
}

#[test]
fn extensions_end_at_their_cap() {
    let pack = pack("62");
    let rule = pack.clock("mediation.statutory", None).unwrap();
    let due = rule.due(at("2026-03-02T10:00"), pack.calendar());
    assert_eq!(due.last_day, day("2026-04-01"));
    let longer = rule.extend(&due, 0, pack.calendar()).unwrap();
    assert_eq!(longer.nominal_day, day("2026-05-01"));
    assert_eq!(longer.last_day, day("2026-05-06"));
    let refused = rule.extend(&longer, 1, pack.calendar());
    assert_eq!(refused, Err(ExtendError::UsedUp));
    let fixed = pack.clock("confirmation.apply", None).unwrap();
    let refused = fixed.extend(&due, 0, pack.calendar());
    assert_eq!(refused, Err(ExtendError::NotExtendable));
}

#[test]
fn warnings_of_the_application_for_confirmation() {
    let pack = pack("6206");
    let rule = pack.clock("confirmation.apply", None).unwrap();
    let start = at("2026-09-01T10:00");
    let due = rule.due(start, pack.calendar());
    assert_eq!(due.last_day, day("2026-10-08"));
    let warnings: Vec<_> = rule
        .warn_at(start, &due, pack.calendar())
        .into_iter()
        .map(|warning| (warning.point, warning.at))
        .collect();
    assert_eq!(
        warnings,
        [
            ("+20d".to_owned(), at("2026-09-21T09:00")),
            ("+25d".to_owned(), at("2026-09-26T09:00")),
            ("+29d".to_owned(), at("2026-09-30T09:00")),
        ]
    );
}

#[test]
fn warnings_of_an_obligation_and_of_a_short_clock() {
    let pack = pack("6206");
    let rule = pack.clock("performance.obligation", None).unwrap();
    let due = rule.due_on(day("2026-07-10"), pack.calendar());
    assert_eq!(due.at, at("2026-07-11T00:00"));
    let points: Vec<_> = rule
        .warn_at(at("2026-07-08T10:00"), &due, pack.calendar())
        .into_iter()
        .map(|warning| warning.at)
        .collect();
    // The reminder three days before lies before the start and is left out.
    assert_eq!(points, [at("2026-07-10T09:00"), at("2026-07-13T09:00")]);

    let half = rule_with_percent();
    let start = at("2026-03-02T12:00");
    let due = half.due(start, pack.calendar());
    assert_eq!(
        half.warn_at(start, &due, pack.calendar())[0].at,
        at("2026-03-03T06:00")
    );
}

fn rule_with_percent() -> ClockRule {
    rule(serde_json::json!({"unit": "day", "amount": 1, "warn": [{"percent": 50}]}))
}

#[test]
fn the_first_day_may_be_the_day_of_the_start() {
    let same = rule(serde_json::json!({"unit": "day", "amount": 10, "first_day": "same_day"}));
    let due = same.due(at("2026-03-02T10:00"), &calendar());
    assert_eq!(due.last_day, day("2026-03-11"));
}

#[test]
fn a_due_date_survives_storage() {
    let due = days("day", 30, true).due(at("2026-09-01T10:00"), &calendar());
    let stored = serde_json::to_string(&due).unwrap();
    assert_eq!(serde_json::from_str::<Due>(&stored).unwrap(), due);
}

#[rstest]
#[case(None, "2026-04-01")]
#[case(Some("contract.debt"), "2026-04-01")]
#[case(Some("medical"), "2026-04-14")]
#[case(Some("labour.wage_arrears"), "2026-03-17")]
#[case(Some("traffic_accident"), "2026-03-12")]
fn mediation_has_the_time_its_type_has(#[case] type_code: Option<&str>, #[case] last: &str) {
    let due = pack("62")
        .due("mediation.statutory", type_code, at("2026-03-02T10:00"))
        .unwrap();
    assert_eq!(due.last_day, day(last));
}

#[rstest]
#[case("simple", "2026-03-03")]
#[case("general", "2026-03-09")]
#[case("complex", "2026-03-22")]
fn tracks_have_their_targets(#[case] track: &str, #[case] last: &str) {
    let pack = pack("62");
    let start = at("2026-03-02T10:00");
    let due = pack.due(&format!("mediation.track.{track}"), None, start);
    assert_eq!(due.unwrap().last_day, day(last));
    assert!(pack.due("no.such.clock", None, start).is_err());
}
