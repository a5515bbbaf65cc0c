//! Working days of the People's Republic of China: weekends, statutory holidays and make-up days (调休).
//!
//! The State Council announces each year's arrangement late in the year before. A year without an announcement is
//! counted from weekends and the fixed holidays alone and every answer that depends on it is marked provisional.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

use crate::clock::hours::WorkingHours;

/// Whether people work on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkingDay {
    /// Offices are open: an ordinary weekday or a make-up day, and not a holiday.
    pub working: bool,
    /// The answer may change when the State Council announces the year.
    pub provisional: bool,
}

/// A date found by counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The date.
    pub date: NaiveDate,
    /// At least one day counted belongs to a year that is not announced.
    pub provisional: bool,
}

/// A calendar file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct CalendarError {
    /// File name as given.
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// What is wrong.
    pub reason: String,
}

#[derive(Deserialize)]
struct YearFile {
    year: i32,
    days: Vec<DayEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DayEntry {
    date: NaiveDate,
    is_off_day: bool,
}

/// `fixed.json`: what is known of a year before its announcement.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FixedDays {
    #[serde(rename = "$comment", default)]
    _comment: serde::de::IgnoredAny,
    /// `MM-DD` of the holidays that fall on the same date each year.
    holidays: BTreeSet<String>,
    /// First `MM-DD` of the days the next year's announcement has been known to move.
    year_end_from: String,
}

/// Announced days, by date.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    /// Date to "is a day off"; only days that differ from the weekend rule or are named by an announcement.
    days: BTreeMap<NaiveDate, bool>,
    announced: BTreeSet<i32>,
    fixed: FixedDays,
    hours: WorkingHours,
}

/// Name of the file with the fixed holidays; every other file is a year.
pub const FIXED_FILE: &str = "fixed.json";

impl Calendar {
    /// Reads `(file name, content)` pairs: one JSON file a year as published by NateScarlet/holiday-cn, and
    /// [`FIXED_FILE`]. A year whose file lists no day counts as not announced.
    ///
    /// # Errors
    /// Every file that is not readable as such, with its line.
    pub fn from_files<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<CalendarError>> {
        let mut calendar = Self::default();
        let mut errors = Vec::new();
        for (file, content) in files {
            let outcome = if file.ends_with(FIXED_FILE) {
                serde_json::from_str(content).map(|fixed| calendar.fixed = fixed)
            } else {
                serde_json::from_str(content).map(|year| calendar.add_year(year))
            };
            if let Err(error) = outcome {
                errors.push(CalendarError {
                    file: file.to_owned(),
                    line: u32::try_from(error.line()).unwrap_or(u32::MAX),
                    reason: error.to_string(),
                });
            }
        }
        if errors.is_empty() {
            Ok(calendar)
        } else {
            Err(errors)
        }
    }

    fn add_year(&mut self, file: YearFile) {
        if file.days.is_empty() {
            return;
        }
        self.announced.insert(file.year);
        self.days
            .extend(file.days.iter().map(|day| (day.date, day.is_off_day)));
    }

    /// The same calendar with other office hours.
    #[must_use]
    pub fn with_working_hours(mut self, hours: WorkingHours) -> Self {
        self.hours = hours;
        self
    }

    /// Office hours used by working-hour clocks.
    #[must_use]
    pub fn working_hours(&self) -> &WorkingHours {
        &self.hours
    }

    /// One line a day, for a digest.
    pub(crate) fn canonical(&self) -> String {
        let lines = self
            .days
            .iter()
            .map(|(date, off)| format!("{date} {off}\n"));
        lines.chain([format!("{:?}", self.fixed)]).collect()
    }

    /// Whether the State Council's arrangement of `year` is known.
    #[must_use]
    pub fn announced(&self, year: i32) -> bool {
        self.announced.contains(&year)
    }

    /// Announced years, ascending.
    pub fn announced_years(&self) -> impl Iterator<Item = i32> + '_ {
        self.announced.iter().copied()
    }

    /// Whether `date` is a working day, and whether that is certain.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> WorkingDay {
        if let Some(off) = self.days.get(&date) {
            return WorkingDay {
                working: !off,
                provisional: false,
            };
        }
        let month_day = date.format("%m-%d").to_string();
        let known = self.announced(date.year());
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let fixed_holiday = !known && self.fixed.holidays.contains(&month_day);
        // The New Year holiday is announced with the next year and may take in or give back the last days of this one.
        let year_end = !self.fixed.year_end_from.is_empty()
            && month_day >= self.fixed.year_end_from
            && !self.announced(date.year() + 1);
        WorkingDay {
            working: !weekend && !fixed_holiday,
            provisional: !known || year_end,
        }
    }

    /// Statutory rest day (法定休假日) in the sense of 民事诉讼法 85: weekend or holiday, and not a make-up day.
    #[must_use]
    pub fn is_statutory_rest_day(&self, date: NaiveDate) -> bool {
        !self.is_working_day(date).working
    }

    /// `date` itself when it is a working day, else the first working day after it (民事诉讼法 85).
    #[must_use]
    pub fn working_day_on_or_after(&self, date: NaiveDate) -> Counted {
        let mut date = date;
        let mut provisional = false;
        loop {
            let day = self.is_working_day(date);
            provisional |= day.provisional;
            if day.working || date == NaiveDate::MAX {
                return Counted { date, provisional };
            }
            date = plus_days(date, 1);
        }
    }

    /// The first working day after `date`.
    #[must_use]
    pub fn next_working_day(&self, date: NaiveDate) -> Counted {
        self.working_day_on_or_after(plus_days(date, 1))
    }

    /// The `count`-th working day after `date`; `date` itself is not counted. With 0, `date` or the first working day
    /// after it.
    #[must_use]
    pub fn add_working_days(&self, date: NaiveDate, count: u32) -> Counted {
        if count == 0 {
            return self.working_day_on_or_after(date);
        }
        let mut counted = Counted {
            date,
            provisional: false,
        };
        for _ in 0..count {
            let next = self.next_working_day(counted.date);
            counted = Counted {
                date: next.date,
                provisional: counted.provisional || next.provisional,
            };
        }
        counted
    }

    /// The `count`-th working day before `date`; `date` itself is not counted.
    #[must_use]
    pub fn subtract_working_days(&self, date: NaiveDate, count: u32) -> Counted {
        let mut counted = Counted {
            date,
            provisional: false,
        };
        let mut left = count;
        while left > 0 && counted.date > NaiveDate::MIN {
            counted.date = minus_days(counted.date, 1);
            let day = self.is_working_day(counted.date);
            counted.provisional |= day.provisional;
            if day.working {
                left -= 1;
            }
        }
        counted
    }

    /// Working days after `from` up to and including `to`; 0 when `to` is not after `from`.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let mut days = 0;
        let mut date = from;
        while date < to {
            date = plus_days(date, 1);
            if self.is_working_day(date).working {
                days += 1;
            }
        }
        days
    }

    /// Working days of a calendar year, with make-up days.
    #[must_use]
    pub fn working_days_in_year(&self, year: i32) -> u32 {
        match (
            NaiveDate::from_ymd_opt(year - 1, 12, 31),
            NaiveDate::from_ymd_opt(year, 12, 31),
        ) {
            (Some(before), Some(last)) => self.working_days_between(before, last),
            _ => 0,
        }
    }
}

/// `date` + `days`, stopping at the end of representable time.
pub(crate) fn plus_days(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MAX)
}

/// `date` - `days`, stopping at the start of representable time.
pub(crate) fn minus_days(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_sub_days(Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MIN)
}
