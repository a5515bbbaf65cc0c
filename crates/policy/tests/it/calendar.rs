//! The State Council's calendars of 2019 to 2026, and 2027, which is not announced.

use std::sync::LazyLock;

use chrono::NaiveDate;
use policy::{Calendar, calendar::WorkingDay};
use proptest::prelude::*;
use rstest::rstest;

use super::pack;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| pack("62").calendar().clone());

fn calendar() -> &'static Calendar {
    &CALENDAR
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[rstest]
#[case(2024, 251)]
#[case(2025, 248)]
#[case(2026, 248)]
fn working_days_of_a_year(#[case] year: i32, #[case] days: u32) {
    assert_eq!(calendar().working_days_in_year(year), days);
}

#[test]
fn make_up_days_of_2026_are_working_weekends() {
    let calendar = calendar();
    let mut found = Vec::new();
    let mut date = day("2026-01-01");
    while date <= day("2026-12-31") {
        let weekend = chrono::Datelike::weekday(&date).number_from_monday() > 5;
        if weekend && calendar.is_working_day(date).working {
            assert!(!calendar.is_statutory_rest_day(date));
            found.push(date.format("%m-%d").to_string());
        }
        date = date.succ_opt().unwrap();
    }
    assert_eq!(
        found,
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    );
}

#[rstest]
#[case("2026-01-01", "2026-01-03")]
#[case("2026-02-15", "2026-02-23")]
#[case("2026-04-04", "2026-04-06")]
#[case("2026-05-01", "2026-05-05")]
#[case("2026-06-19", "2026-06-21")]
#[case("2026-09-25", "2026-09-27")]
#[case("2026-10-01", "2026-10-07")]
fn holidays_of_2026(#[case] first: &str, #[case] last: &str) {
    let calendar = calendar();
    for date in day(first).iter_days().take_while(|date| *date <= day(last)) {
        let answer = calendar.is_working_day(date);
        assert!(!answer.working && !answer.provisional, "{date}");
        assert!(calendar.is_statutory_rest_day(date));
    }
    let before = day(first).pred_opt().unwrap();
    let next = calendar.next_working_day(before).date;
    assert!(next > day(last), "{next} lies in the holiday");
}

#[test]
fn a_year_without_announcement_is_provisional_and_knows_its_fixed_holidays() {
    let calendar = calendar();
    assert!(calendar.announced(2026));
    assert!(!calendar.announced(2027));
    for (date, working) in [
        ("2027-01-01", false), // Friday, New Year
        ("2027-01-04", true),  // Monday
        ("2027-05-03", true),  // Monday; the Labour Day holiday may move it
        ("2027-10-01", false), // Friday, National Day
        ("2027-01-02", false), // Saturday
    ] {
        let provisional = true;
        assert_eq!(
            calendar.is_working_day(day(date)),
            WorkingDay {
                working,
                provisional
            },
            "{date}"
        );
    }
}

#[test]
fn the_last_days_of_december_wait_for_the_next_announcement() {
    let calendar = calendar();
    assert!(!calendar.is_working_day(day("2026-12-24")).provisional);
    assert!(calendar.is_working_day(day("2026-12-31")).provisional);
    assert!(!calendar.is_working_day(day("2025-12-31")).provisional);
    // 2022-12-31 was announced with 2023 as a day off, and so it is.
    let answer = calendar.is_working_day(day("2022-12-31"));
    assert!(!answer.working && !answer.provisional);
}

#[test]
fn a_file_that_is_no_calendar_is_named_with_its_line() {
    let errors = Calendar::from_files([
        (
            "2026.json",
            "{\"year\": 2026,\n \"days\": [{\"date\": \"2026-02-30\", \"isOffDay\": true}]}",
        ),
        ("2027.json", "{\"year\": 2027, \"days\": []}"),
        ("2028.json", "[]"),
    ])
    .unwrap_err();
    let places: Vec<_> = errors.iter().map(|e| (e.file.as_str(), e.line)).collect();
    assert_eq!(places, [("2026.json", 2), ("2028.json", 1)]);
}

proptest! {
    #[test]
    fn counting_forward_and_back_agree(offset in 0_u64..2500, count in 1_u32..60) {
        let calendar = calendar();
        let start = day("2019-01-15") + chrono::Days::new(offset);
        let end = calendar.add_working_days(start, count);
        prop_assert!(calendar.is_working_day(end.date).working);
        prop_assert_eq!(calendar.working_days_between(start, end.date), count);
        let back = calendar.subtract_working_days(end.date, count);
        prop_assert!(back.date <= start);
        // Between the day found going back and the start there is no working day but itself.
        prop_assert_eq!(calendar.working_days_between(back.date, end.date), count);
    }
}
