//! Days in China.

use chrono::NaiveDate;
use proptest::prelude::*;
use reporting::domain::period::{Period, day_of};
use rstest::rstest;

use crate::feed::at;

fn day(text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

#[test]
fn a_day_begins_at_four_in_the_afternoon_before_by_utc() {
    let period = Period::new(day("2022-01-01"), day("2022-06-30")).unwrap();
    assert_eq!(period.begins(), Some(at("2021-12-31T16:00:00Z")));
    assert_eq!(period.ends(), Some(at("2022-06-30T16:00:00Z")));
}

#[rstest]
#[case("2022-02-01", "2022-01-31", "/to")]
#[case("1991-12-31", "", "/from")]
#[case("", "3000-01-01", "/to")]
#[case("-9999-01-01", "", "/from")]
fn an_impossible_period_is_refused(#[case] from: &str, #[case] to: &str, #[case] pointer: &str) {
    let problem = Period::new(day(from), day(to)).unwrap_err();
    assert_eq!(
        (problem.code().code, problem.pointer()),
        ("period-invalid", Some(pointer))
    );
}

#[test]
fn open_ends_and_a_single_day_are_periods() {
    assert_eq!(Period::new(None, None).unwrap().begins(), None);
    let one = Period::new(day("2024-02-29"), day("2024-02-29")).unwrap();
    assert_eq!(
        one.ends().unwrap() - one.begins().unwrap(),
        chrono::TimeDelta::days(1)
    );
}

proptest! {
    #[test]
    fn a_moment_is_in_the_period_of_its_day_and_of_no_other(seconds in 700_000_000_i64..32_000_000_000) {
        let moment = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        let today = day_of(moment);
        for (other, inside) in [(Some(today), true), (today.pred_opt(), false), (today.succ_opt(), false)] {
            let period = Period::new(other, other).unwrap();
            let found = period.begins().unwrap() <= moment && moment < period.ends().unwrap();
            prop_assert_eq!(found, inside);
        }
    }
}
