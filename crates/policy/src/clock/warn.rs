//! When somebody is warned about a clock.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    ClockRule, Due, Span, Unit,
    due::{add_days, beijing_date, beijing_instant, minus_time, plus_time},
};
use crate::calendar::{Calendar, minus_days};

/// A moment in the life of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarnPoint {
    /// A share of the time from start to end, in per cent.
    Percent(u32),
    /// So much after the start: "on the 20th day".
    Elapsed(Span),
    /// So much before the end; 0 days = on the last day.
    Before(Span),
    /// So much after the end.
    After(Span),
}

impl fmt::Display for WarnPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = |unit| match unit {
            Unit::Minute => "min",
            Unit::Hour => "h",
            Unit::WorkingHour => "wh",
            Unit::Day => "d",
            Unit::WorkingDay => "wd",
            Unit::Month => "m",
        };
        match self {
            Self::Percent(percent) => write!(f, "{percent}%"),
            Self::Elapsed(span) => write!(f, "+{}{}", span.amount, unit(span.unit)),
            Self::Before(span) => write!(f, "due-{}{}", span.amount, unit(span.unit)),
            Self::After(span) => write!(f, "due+{}{}", span.amount, unit(span.unit)),
        }
    }
}

/// A warning to be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarnAt {
    /// Stable name of the point: `80%`, `+20d`, `due-3d`, `due+3d`.
    pub point: String,
    /// When. Points in days fall when offices open.
    pub at: DateTime<Utc>,
}

impl ClockRule {
    /// The warnings of a clock started at `start` and due at `due`, ascending; those that would fall before the start
    /// are left out.
    #[must_use]
    pub fn warn_at(&self, start: DateTime<Utc>, due: &Due, calendar: &Calendar) -> Vec<WarnAt> {
        let mut warnings: Vec<_> = self
            .warn
            .iter()
            .map(|point| WarnAt {
                point: point.to_string(),
                at: point.instant(start, due, calendar),
            })
            .filter(|warning| warning.at >= start)
            .collect();
        warnings.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.point.cmp(&b.point)));
        warnings
    }
}

impl WarnPoint {
    /// When it is for a clock from `start` to `due`.
    pub(super) fn instant(
        self,
        start: DateTime<Utc>,
        due: &Due,
        calendar: &Calendar,
    ) -> DateTime<Utc> {
        let opens = calendar.working_hours().opens();
        match self {
            Self::Percent(percent) => {
                let whole = (due.at - start).num_seconds().max(0);
                let part = whole.saturating_mul(i64::from(percent)) / 100;
                start
                    .checked_add_signed(TimeDelta::seconds(part))
                    .unwrap_or(due.at)
            }
            Self::Elapsed(span) => after(start, span, calendar),
            Self::After(span) => match span.unit {
                Unit::Minute | Unit::Hour | Unit::WorkingHour => after(due.at, span, calendar),
                Unit::Day | Unit::WorkingDay | Unit::Month => {
                    beijing_instant(add_days(due.last_day, span, calendar).date, opens)
                }
            },
            Self::Before(span) => match span.unit {
                Unit::Minute | Unit::Hour | Unit::WorkingHour => minus_time(due.at, span),
                Unit::Day => beijing_instant(minus_days(due.last_day, span.amount), opens),
                Unit::WorkingDay => {
                    let day = calendar.subtract_working_days(due.last_day, span.amount);
                    beijing_instant(day.date, opens)
                }
                Unit::Month => {
                    let day = due
                        .last_day
                        .checked_sub_months(chrono::Months::new(span.amount));
                    beijing_instant(day.unwrap_or(due.last_day), opens)
                }
            },
        }
    }
}

fn after(at: DateTime<Utc>, span: Span, calendar: &Calendar) -> DateTime<Utc> {
    match span.unit {
        Unit::Minute | Unit::Hour => plus_time(at, span),
        Unit::WorkingHour => calendar.working_hours().add(at, span.amount, calendar).0,
        Unit::Day | Unit::WorkingDay | Unit::Month => {
            let day = add_days(beijing_date(at), span, calendar).date;
            beijing_instant(day, calendar.working_hours().opens())
        }
    }
}
