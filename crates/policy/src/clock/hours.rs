//! Office hours, and time counted in them.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::due::{beijing, beijing_instant};
use crate::calendar::{Calendar, plus_days};

/// One stretch of office hours, Beijing time; `from` included, `to` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// `HH:MM`.
    #[serde(deserialize_with = "time")]
    pub from: NaiveTime,
    /// `HH:MM`.
    #[serde(deserialize_with = "time")]
    pub to: NaiveTime,
}

/// Office hours of a working day, ascending and apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkingHours(Vec<Opening>);

/// Reads `HH:MM`.
pub(crate) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    NaiveTime::parse_from_str(&text, "%H:%M")
        .map_err(|_| D::Error::custom(format!("`{text}` is no time of day in the form HH:MM")))
}

impl<'de> Deserialize<'de> for WorkingHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Default for WorkingHours {
    /// The whole day, so that a calendar without office hours never answers with an endless wait.
    fn default() -> Self {
        let to = NaiveTime::from_hms_opt(23, 59, 0).unwrap_or(NaiveTime::MIN);
        Self(vec![Opening {
            from: NaiveTime::MIN,
            to,
        }])
    }
}

impl WorkingHours {
    /// Checks that there is at least one stretch, each ends after it begins, and none overlaps the next.
    ///
    /// # Errors
    /// What is wrong, in English.
    pub fn new(openings: Vec<Opening>) -> Result<Self, String> {
        let mut closed = None;
        for opening in &openings {
            if opening.from >= opening.to {
                return Err(format!("opening at {} ends before it begins", opening.from));
            }
            if closed.is_some_and(|closed| opening.from < closed) {
                return Err(format!(
                    "opening at {} begins before the one before it ends",
                    opening.from
                ));
            }
            closed = Some(opening.to);
        }
        if openings.is_empty() {
            return Err("no working hours".to_owned());
        }
        Ok(Self(openings))
    }

    /// When offices open on a working day.
    #[must_use]
    pub fn opens(&self) -> NaiveTime {
        self.0
            .first()
            .map_or(NaiveTime::MIN, |opening| opening.from)
    }

    /// When pieces of so many minutes begin on a day, one after the other from each opening; none on a day off, and none of no length.
    #[must_use]
    pub fn pieces(&self, date: NaiveDate, minutes: i64, calendar: &Calendar) -> Vec<DateTime<Utc>> {
        let mut begins = Vec::new();
        if minutes <= 0 || !calendar.is_working_day(date).working {
            return begins;
        }
        let length = TimeDelta::minutes(minutes);
        for opening in &self.0 {
            let closes = beijing_instant(date, opening.to);
            let mut begin = beijing_instant(date, opening.from);
            while let Some(end) = begin.checked_add_signed(length)
                && end <= closes
            {
                begins.push(begin);
                begin = end;
            }
        }
        begins
    }

    /// `start` plus `hours` of office time, and whether that is provisional. Outside office hours the count begins
    /// when offices open next.
    #[must_use]
    pub fn add(
        &self,
        start: DateTime<Utc>,
        hours: u32,
        calendar: &Calendar,
    ) -> (DateTime<Utc>, bool) {
        self.add_for(start, TimeDelta::hours(i64::from(hours)), calendar)
    }

    /// `start` plus a length of office time.
    pub(super) fn add_for(
        &self,
        start: DateTime<Utc>,
        length: TimeDelta,
        calendar: &Calendar,
    ) -> (DateTime<Utc>, bool) {
        let local = beijing(start);
        let mut left = length;
        let mut date = local.date();
        let mut earliest = local.time();
        let mut provisional = false;
        loop {
            let day = calendar.is_working_day(date);
            provisional |= day.provisional;
            if day.working {
                for opening in &self.0 {
                    let from = opening.from.max(earliest);
                    if from > opening.to || (from == opening.to && left > TimeDelta::zero()) {
                        continue;
                    }
                    let open = opening.to - from;
                    if left <= open {
                        return (beijing_instant(date, from + left), provisional);
                    }
                    left -= open;
                }
            }
            if date == chrono::NaiveDate::MAX {
                return (DateTime::<Utc>::MAX_UTC, true);
            }
            date = plus_days(date, 1);
            earliest = NaiveTime::MIN;
        }
    }

    /// Minutes of office time between two instants; 0 when `to` is not after `from`.
    #[must_use]
    pub fn minutes_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        calendar: &Calendar,
    ) -> i64 {
        let (from, to) = (beijing(from), beijing(to));
        let mut minutes = 0;
        let mut date = from.date();
        while date <= to.date() && from < to {
            if calendar.is_working_day(date).working {
                for opening in &self.0 {
                    let begin = if date == from.date() {
                        opening.from.max(from.time())
                    } else {
                        opening.from
                    };
                    let end = if date == to.date() {
                        opening.to.min(to.time())
                    } else {
                        opening.to
                    };
                    let seconds = i64::from(end.num_seconds_from_midnight())
                        - i64::from(begin.num_seconds_from_midnight());
                    minutes += seconds.max(0) / 60;
                }
            }
            if date == chrono::NaiveDate::MAX {
                break;
            }
            date = plus_days(date, 1);
        }
        minutes
    }
}
