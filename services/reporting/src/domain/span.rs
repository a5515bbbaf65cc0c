//! A period that can be closed: its first and its last day, and the code made from them.

use std::fmt;

use chassis::http::Problem;
use chrono::{Datelike as _, Months, NaiveDate};
use contracts::problems::{federation::PERIOD_OPEN, reporting::PERIOD_INVALID};

use super::period::Period;

/// The days of a period, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub begins: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
}

impl Span {
    /// The days from `begins` to `ends`.
    ///
    /// # Errors
    /// `period-invalid` at `/begins` or `/ends`.
    pub fn new(begins: NaiveDate, ends: NaiveDate) -> Result<Self, Problem> {
        match Period::new(Some(begins), Some(ends)) {
            Ok(_) => Ok(Self { begins, ends }),
            Err(problem) if problem.pointer() == Some("/from") => Err(problem.at("/begins")),
            Err(problem) => Err(problem.at("/ends")),
        }
    }

    /// The days of a code: a year `2026`, a half `2026-H1`, a quarter `2026-Q3`, a month `2026-09`.
    ///
    /// # Errors
    /// `period-invalid` at `/period`.
    pub fn of_code(code: &str) -> Result<Self, Problem> {
        let invalid = || {
            Problem::new(&PERIOD_INVALID).at("/period").detail(
                "应为 2026、2026-H1、2026-Q3 或 2026-09 的形式",
                "It must be like 2026, 2026-H1, 2026-Q3 or 2026-09",
            )
        };
        let span = parse(code).ok_or_else(invalid)?;
        Self::new(span.begins, span.ends).map_err(|_out_of_range| invalid())
    }

    /// A whole number of months from the first of a month.
    fn months(year: i32, month: u32, count: u32) -> Option<Self> {
        let begins = NaiveDate::from_ymd_opt(year, month, 1)?;
        let ends = begins.checked_add_months(Months::new(count))?.pred_opt()?;
        Some(Self { begins, ends })
    }
}

fn parse(code: &str) -> Option<Span> {
    let (year, part) = match code.split_once('-') {
        Some((year, part)) => (year, Some(part)),
        None => (code, None),
    };
    let digits =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year, 4) {
        return None;
    }
    let year = year.parse().ok()?;
    let number = |text: &str, most: u32| {
        let number: u32 = text.parse().ok()?;
        (digits(text, 1) && (1..=most).contains(&number)).then_some(number)
    };
    match part {
        None => Span::months(year, 1, 12),
        Some(part) => match (part.strip_prefix('H'), part.strip_prefix('Q')) {
            (Some(half), _) => Span::months(year, number(half, 2)? * 6 - 5, 6),
            (_, Some(quarter)) => Span::months(year, number(quarter, 4)? * 3 - 2, 3),
            _ if digits(part, 2) => Span::months(year, part.parse().ok()?, 1),
            _ => None,
        },
    }
}

/// The code: that of a year, half, quarter or month when it is one, else both days with a slash (ISO 8601).
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.begins.year(), self.begins.month());
        let is = |count| Self::months(year, month, count) == Some(*self);
        match month {
            1 if is(12) => write!(f, "{year:04}"),
            1 | 7 if is(6) => write!(f, "{year:04}-H{}", month.div_ceil(6)),
            1 | 4 | 7 | 10 if is(3) => write!(f, "{year:04}-Q{}", month.div_ceil(3)),
            _ if is(1) => write!(f, "{year:04}-{month:02}"),
            _ => write!(f, "{}/{}", self.begins, self.ends),
        }
    }
}

/// The last day whose events are counted: the one asked for, else `usual`. It must be over, and so must the period.
///
/// # Errors
/// `period-open` when the period or that day is not over; `period-invalid` when that day is before the last one of the period.
pub fn counted_to(
    span: Span,
    asked: Option<NaiveDate>,
    usual: NaiveDate,
    today: NaiveDate,
) -> Result<NaiveDate, Problem> {
    if span.ends >= today {
        return Err(Problem::new(&PERIOD_OPEN));
    }
    let day = asked.unwrap_or(usual);
    if day >= today {
        return Err(Problem::new(&PERIOD_OPEN)
            .at("/counted_to")
            .detail("该日尚未结束", "That day is not over"));
    }
    if day < span.ends {
        return Err(Problem::new(&PERIOD_INVALID).at("/counted_to").detail(
            "不得早于期间的最后一日",
            "It must not be before the last day of the period",
        ));
    }
    Ok(day)
}
