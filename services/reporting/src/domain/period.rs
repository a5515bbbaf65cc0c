//! Periods of calendar days in China.

use chassis::http::Problem;
use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Utc};
use contracts::problems::reporting::PERIOD_INVALID;
use policy::clock::due::{beijing_date, beijing_instant};

/// Years that a period may touch.
const YEARS: std::ops::RangeInclusive<i32> = 1992..=2999;

/// Days from and to which is counted, both included; an open end is not limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

impl Period {
    /// A period that makes sense.
    ///
    /// # Errors
    /// `period-invalid` at `/from` or `/to`.
    pub fn new(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Self, Problem> {
        for (day, pointer) in [(from, "/from"), (to, "/to")] {
            if day.is_some_and(|day| !YEARS.contains(&day.year())) {
                return Err(Problem::new(&PERIOD_INVALID).at(pointer).detail(
                    "年份应在 1992 至 2999 之间",
                    "The year must be from 1992 to 2999",
                ));
            }
        }
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(Problem::new(&PERIOD_INVALID)
                .at("/to")
                .detail("结束日期早于开始日期", "The last day is before the first"));
        }
        Ok(Self { from, to })
    }

    /// The first moment of the first day.
    #[must_use]
    pub fn begins(&self) -> Option<DateTime<Utc>> {
        self.from.map(midnight)
    }

    /// The first moment after the last day.
    #[must_use]
    pub fn ends(&self) -> Option<DateTime<Utc>> {
        self.to
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .map(midnight)
    }
}

/// The day it is in China.
#[must_use]
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    beijing_date(at)
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    beijing_instant(day, NaiveTime::MIN)
}
