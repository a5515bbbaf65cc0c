//! Days and instants that a request may name. What chrono reads goes further than what PostgreSQL stores, and far beyond any
//! deadline, birth or agreement; every body, query and cursor is looked through, whatever type reads it.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde_json::Value;

use super::shape;

/// First and last year that a request may name.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;
/// No day or instant is written longer.
const LONGEST: usize = 64;

/// Whether a text is a day or an instant outside of these years. Any other text is not.
pub(super) fn beyond(text: &str) -> bool {
    let plain = text.len() <= LONGEST && text.contains('-');
    let read = || {
        let day = text.parse::<NaiveDate>();
        day.or_else(|_| text.parse::<DateTime<Utc>>().map(|at| at.date_naive()))
    };
    plain && read().is_ok_and(|day| !YEARS.contains(&day.year()))
}

/// The step of a pointer to a field. Its name may be the caller's invention.
pub(super) fn step(name: &str) -> String {
    let name: String = name.chars().take(shape::NAME_LIMIT).collect();
    shape::join("", &name)
}

/// The JSON pointer of the first text in a JSON value that is one.
pub(super) fn first_beyond(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => beyond(text).then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| first_beyond(item).map(|rest| format!("/{index}{rest}"))),
        Value::Object(fields) => fields.iter().find_map(|(name, item)| {
            first_beyond(item).map(|rest| format!("{}{rest}", step(name)))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// What is said of it, in both languages.
pub(super) const DETAIL: (&str, &str) = (
    "日期应在 1900 年至 2999 年之间",
    "A date must be in the years 1900 to 2999",
);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{beyond, first_beyond};

    #[test]
    fn only_days_and_instants_far_away() {
        for text in [
            "-5000-01-01",
            "+12345-06-07",
            "0001-01-01",
            "1899-12-31",
            "3000-01-01",
            "-5000-01-01T00:00:00Z",
            "+12345-12-31T23:59:59+08:00",
        ] {
            assert!(beyond(text), "{text}");
        }
        for text in [
            "1900-01-01",
            "2999-12-31",
            "2026-09-01T10:00:00+08:00",
            "",
            "-",
            "0935-2211-01",
            "1899-12-31 the contract was made",
            "620602197803142914",
        ] {
            assert!(!beyond(text), "{text}");
        }
    }

    #[test]
    fn it_is_named() {
        let body = json!({ "a": ["2026-09-01", { "b/c": "3000-01-01" }], "n": 5 });
        assert_eq!(first_beyond(&body).as_deref(), Some("/a/1/b~1c"));
        assert_eq!(first_beyond(&json!({ "a": "x" })), None);
    }
}
