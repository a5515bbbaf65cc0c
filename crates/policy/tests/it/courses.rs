//! The course of a clock: pauses, extensions, and a year that is announced on the way.

use chrono::{DateTime, Utc};
use policy::{
    Calendar, ClockRule, PolicyPack,
    clock::{Approver, Change, Course, ExtendError},
};

use super::pack;

/// An instant from Beijing time.
fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+08:00")
        .parse::<DateTime<chrono::FixedOffset>>()
        .unwrap()
        .to_utc()
}

fn begun(pack: &PolicyPack, rule: &ClockRule, start: &str) -> Course {
    let due = rule.due(at(start), pack.calendar());
    Course::new(rule, at(start), &due, pack.calendar())
}

fn warnings(course: &Course, rule: &ClockRule, calendar: &Calendar) -> Vec<DateTime<Utc>> {
    let warnings = course.warn_at(rule, calendar);
    warnings.into_iter().map(|warning| warning.at).collect()
}

#[test]
fn a_pause_moves_the_end_and_what_is_counted_from_the_start() {
    let pack = pack("62");
    let rule = pack.clock("mediation.statutory", None).unwrap();
    let mut course = begun(&pack, rule, "2026-03-02T10:00");
    let before = warnings(&course, rule, pack.calendar());
    assert_eq!(before[2], at("2026-03-31T09:00"), "a day before the end");
    course.changes.push(Change::Paused {
        from: at("2026-03-20T10:00"),
        to: at("2026-03-30T16:00"),
    });
    let due = course.due(pack.calendar());
    // 04-11 is a Saturday.
    assert_eq!(due.nominal_day.to_string(), "2026-04-11");
    assert_eq!(due.last_day.to_string(), "2026-04-13");
    let moved = warnings(&course, rule, pack.calendar());
    assert_eq!(moved[0], before[0], "half of the time was over before it");
    assert_eq!(moved[1] - before[1], chrono::TimeDelta::days(10));
    assert_eq!(moved[2], at("2026-04-12T09:00"));
}

#[test]
fn working_days_are_made_up_in_working_days() {
    let pack = pack("62");
    let rule = pack.clock("mediation.statutory", Some("medical")).unwrap();
    let mut course = begun(&pack, rule, "2026-01-19T10:00");
    let end = course.due(pack.calendar()).last_day;
    // Friday to the first day after the Spring Festival: 02-14 and 02-24 are the working days between.
    course.changes.push(Change::Paused {
        from: at("2026-02-13T10:00"),
        to: at("2026-02-24T10:00"),
    });
    let moved = course.due(pack.calendar()).last_day;
    assert_eq!(pack.calendar().working_days_between(end, moved), 2);
}

#[test]
fn an_extension_needs_who_must_agree_and_ends_at_its_cap() {
    let pack = pack("62");
    let rule = pack.clock("mediation.statutory", None).unwrap();
    let mut course = begun(&pack, rule, "2026-03-02T10:00");
    let refused = course.extend(rule, Approver::Leader);
    assert_eq!(refused, Err(ExtendError::NotApproved(Approver::AllParties)));
    course.extend(rule, Approver::AllParties).unwrap();
    assert_eq!(
        course.due(pack.calendar()).last_day.to_string(),
        "2026-05-06"
    );
    let refused = course.extend(rule, Approver::AllParties);
    assert_eq!(refused, Err(ExtendError::UsedUp));
    let fixed = pack.clock("mediation.statutory", Some("labour")).unwrap();
    let refused = begun(&pack, fixed, "2026-03-02T10:00").extend(fixed, Approver::AllParties);
    assert_eq!(refused, Err(ExtendError::NotExtendable));
    // Half of the longer time.
    let half = warnings(&course, rule, pack.calendar())[0];
    assert!(
        half > at("2026-04-01T00:00") && half < at("2026-04-06T00:00"),
        "{half}"
    );
}

#[test]
fn a_day_given_from_outside_and_the_terms_of_the_start_stay() {
    let pack = pack("62");
    let rule = pack.clock("performance.obligation", None).unwrap();
    let due = rule.due_on("2026-07-10".parse().unwrap(), pack.calendar());
    let course = Course::new(rule, at("2026-07-01T10:00"), &due, pack.calendar());
    assert_eq!(course.due(pack.calendar()), due);
    // As it is stored; a rule that is shortened later is for later clocks.
    let mut rule = pack.clock("mediation.consent", None).unwrap().clone();
    let course = begun(&pack, &rule, "2026-03-02T10:00");
    rule.amount = 1;
    let stored = serde_json::to_value(&course).unwrap();
    let read: Course = serde_json::from_value(stored).unwrap();
    assert_eq!(read.due(pack.calendar()).last_day.to_string(), "2026-03-05");
}

#[test]
fn an_announcement_moves_what_was_provisional() {
    let pack = pack("62");
    let rule = pack.clock("mediation.consent", None).unwrap();
    let mut course = begun(&pack, rule, "2026-12-30T10:00");
    let due = course.due(pack.calendar());
    // 01-01 is a holiday whatever is announced.
    assert_eq!(
        (due.last_day.to_string().as_str(), due.provisional),
        ("2027-01-05", true)
    );
    let announced = r#"{"year": 2027, "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
        {"name": "元旦", "date": "2027-01-04", "isOffDay": true}]}"#;
    let before =
        r#"{"year": 2026, "days": [{"name": "国庆节", "date": "2026-10-01", "isOffDay": true}]}"#;
    let files = [("2026.json", before), ("2027.json", announced)];
    let calendar = Calendar::from_files(files).unwrap();
    let due = course.due(&calendar);
    assert_eq!(
        (due.last_day.to_string().as_str(), due.provisional),
        ("2027-01-06", false)
    );
    course.changes.push(Change::Paused {
        from: at("2026-12-30T11:00"),
        to: at("2027-01-05T11:00"),
    });
    assert_eq!(course.due(&calendar).last_day.to_string(), "2027-01-08");
}
