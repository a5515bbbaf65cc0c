//! When a clock is due.

use chrono::{DateTime, Days, FixedOffset, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use super::{ClockRule, FirstDay, Roll, Span, Terms, Unit};
use crate::calendar::{Calendar, Counted, minus_days, plus_days};

/// Beijing time is UTC+8 all year.
const BEIJING_SECONDS: i32 = 8 * 3600;

/// The end of a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub struct Due {
    /// An act is in time when it happens before this instant: for limits in days, midnight at the end of `last_day`
    /// in Beijing.
    pub at: DateTime<Utc>,
    /// The last day, in Beijing.
    pub last_day: NaiveDate,
    /// The last day before it was rolled to a working day; extensions and pauses count from it.
    pub nominal_day: NaiveDate,
    /// The result rests on a year whose holidays are not announced yet and must be computed again when they are.
    pub provisional: bool,
}

impl Due {
    /// Whether an act at `instant` is in time.
    #[must_use]
    pub fn in_time(&self, instant: DateTime<Utc>) -> bool {
        instant < self.at
    }

    /// A limit that ends with `day`, rolled when asked for.
    #[must_use]
    pub fn on_day(day: NaiveDate, roll: Roll, calendar: &Calendar) -> Self {
        Self::from_nominal(
            Counted {
                date: day,
                provisional: false,
            },
            roll,
            calendar,
        )
    }

    pub(super) fn from_nominal(nominal: Counted, roll: Roll, calendar: &Calendar) -> Self {
        let last = match roll {
            Roll::None => nominal,
            Roll::NextWorkingDay => calendar.working_day_on_or_after(nominal.date),
        };
        Self {
            at: end_of_day(last.date),
            last_day: last.date,
            nominal_day: nominal.date,
            provisional: nominal.provisional || last.provisional,
        }
    }

    pub(super) fn from_instant(at: DateTime<Utc>, provisional: bool) -> Self {
        let day = beijing_date(at);
        Self {
            at,
            last_day: day,
            nominal_day: day,
            provisional,
        }
    }
}

impl Terms {
    /// When a clock started at `start` is due.
    #[must_use]
    pub fn due(&self, start: DateTime<Utc>, calendar: &Calendar) -> Due {
        let span = self.span;
        match span.unit {
            Unit::Minute | Unit::Hour => Due::from_instant(plus_time(start, span), false),
            Unit::WorkingHour => {
                let (at, provisional) = calendar.working_hours().add(start, span.amount, calendar);
                Due::from_instant(at, provisional)
            }
            Unit::Day | Unit::WorkingDay | Unit::Month => {
                let mut first = beijing_date(start);
                if self.first_day == FirstDay::SameDay && span.amount > 0 {
                    first = minus_days(first, 1);
                }
                Due::from_nominal(add_days(first, span, calendar), self.roll, calendar)
            }
        }
    }
}

impl ClockRule {
    /// When a clock started at `start` is due.
    #[must_use]
    pub fn due(&self, start: DateTime<Utc>, calendar: &Calendar) -> Due {
        self.terms().due(start, calendar)
    }

    /// When a clock whose last day is given from outside (an obligation's date) is due.
    #[must_use]
    pub fn due_on(&self, day: NaiveDate, calendar: &Calendar) -> Due {
        Due::on_day(day, self.roll, calendar)
    }
}

/// `date` and a span in days, working days or months; hours count as none.
pub(super) fn add_days(date: NaiveDate, span: Span, calendar: &Calendar) -> Counted {
    let certain = |date| Counted {
        date,
        provisional: false,
    };
    match span.unit {
        Unit::Minute | Unit::Hour | Unit::WorkingHour => certain(date),
        Unit::Day => certain(plus_days(date, span.amount)),
        Unit::WorkingDay => calendar.add_working_days(date, span.amount),
        Unit::Month => certain(
            date.checked_add_months(Months::new(span.amount))
                .unwrap_or(NaiveDate::MAX),
        ),
    }
}

/// A span in minutes or hours, working hours counted as hours.
fn time_of(span: Span) -> TimeDelta {
    match span.unit {
        Unit::Minute => TimeDelta::minutes(i64::from(span.amount)),
        _ => TimeDelta::hours(i64::from(span.amount)),
    }
}

pub(super) fn plus_time(at: DateTime<Utc>, span: Span) -> DateTime<Utc> {
    at.checked_add_signed(time_of(span))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

pub(super) fn minus_time(at: DateTime<Utc>, span: Span) -> DateTime<Utc> {
    at.checked_sub_signed(time_of(span))
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// The date in Beijing at an instant.
#[must_use]
pub fn beijing_date(at: DateTime<Utc>) -> NaiveDate {
    beijing(at).date()
}

/// Date and time of day in Beijing at an instant.
pub(super) fn beijing(at: DateTime<Utc>) -> chrono::NaiveDateTime {
    at.naive_utc()
        .checked_add_signed(TimeDelta::seconds(i64::from(BEIJING_SECONDS)))
        .unwrap_or(chrono::NaiveDateTime::MAX)
}

/// The instant of a time of day in Beijing.
#[must_use]
pub fn beijing_instant(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    FixedOffset::east_opt(BEIJING_SECONDS)
        .and_then(|offset| offset.from_local_datetime(&date.and_time(time)).single())
        .map_or(DateTime::<Utc>::MAX_UTC, |at| at.to_utc())
}

/// Midnight in Beijing at the end of a day: the first instant that is no longer that day.
#[must_use]
pub fn end_of_day(date: NaiveDate) -> DateTime<Utc> {
    date.checked_add_days(Days::new(1))
        .map_or(DateTime::<Utc>::MAX_UTC, |next| {
            beijing_instant(next, NaiveTime::MIN)
        })
}
