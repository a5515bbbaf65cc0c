//! Codes of periods.

use chrono::NaiveDate;
use proptest::prelude::*;
use reporting::domain::span::{Span, counted_to};
use rstest::rstest;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[rstest]
#[case("2026", "2026-01-01", "2026-12-31")]
#[case("2026-H1", "2026-01-01", "2026-06-30")]
#[case("2026-H2", "2026-07-01", "2026-12-31")]
#[case("2026-Q3", "2026-07-01", "2026-09-30")]
#[case("2024-02", "2024-02-01", "2024-02-29")]
#[case("2026-12", "2026-12-01", "2026-12-31")]
fn a_code_is_its_days_and_back(#[case] code: &str, #[case] begins: &str, #[case] ends: &str) {
    let span = Span::of_code(code).unwrap();
    assert_eq!((span.begins, span.ends), (day(begins), day(ends)));
    assert_eq!(span.to_string(), code);
}

#[rstest]
#[case("")]
#[case("26")]
#[case("2026-")]
#[case("2026-9")]
#[case("2026-00")]
#[case("2026-13")]
#[case("2026-Q0")]
#[case("2026-Q5")]
#[case("2026-H3")]
#[case("2026-Q+1")]
#[case("2026-09-01")]
#[case("1991")]
#[case("２０２６")]
fn another_text_is_no_code(#[case] code: &str) {
    let problem = Span::of_code(code).unwrap_err();
    assert_eq!(
        (problem.code().code, problem.pointer()),
        ("period-invalid", Some("/period"))
    );
}

#[test]
fn other_days_are_written_out() {
    let span = Span::new(day("2026-09-05"), day("2026-09-20")).unwrap();
    assert_eq!(span.to_string(), "2026-09-05/2026-09-20");
    let problem = Span::new(day("2026-09-05"), day("2026-09-04")).unwrap_err();
    assert_eq!(problem.pointer(), Some("/ends"));
    let problem = Span::new(day("1990-09-05"), day("2026-09-04")).unwrap_err();
    assert_eq!(problem.pointer(), Some("/begins"));
}

#[rstest]
#[case("2026-10-01", None, Ok("2026-09-30"))]
#[case("2026-10-08", Some("2026-10-07"), Ok("2026-10-07"))]
#[case("2026-10-08", Some("2026-09-30"), Ok("2026-09-30"))]
#[case("2026-09-30", None, Err("period-open"))]
#[case("2026-10-08", Some("2026-10-08"), Err("period-open"))]
#[case("2026-10-08", Some("2026-09-29"), Err("period-invalid"))]
fn what_is_counted_is_over(
    #[case] today: &str,
    #[case] asked: Option<&str>,
    #[case] expected: Result<&str, &str>,
) {
    let span = Span::of_code("2026-Q3").unwrap();
    let found = counted_to(span, asked.map(day), day("2026-09-30"), day(today));
    let found = found.map_err(|problem| problem.code().code);
    assert_eq!(found, expected.map(day));
}

proptest! {
    #[test]
    fn any_days_make_one_code(from in 0_i64..4_000, length in 0_i64..800) {
        let begins = day("2020-01-01") + chrono::TimeDelta::days(from);
        let span = Span::new(begins, begins + chrono::TimeDelta::days(length)).unwrap();
        let code = span.to_string();
        match code.split_once('/') {
            Some((begins, ends)) => prop_assert_eq!((day(begins), day(ends)), (span.begins, span.ends)),
            None => prop_assert_eq!(Span::of_code(&code).unwrap(), span),
        }
    }

    #[test]
    fn no_text_panics(code in "\\PC{0,10}") {
        let _ = Span::of_code(&code);
    }
}
