//! The course of one running clock: what its end follows from, so that it can be computed again when a year is announced.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Approver, ClockRule, Due, Span, Terms, Unit, WarnAt,
    due::{beijing, beijing_date, beijing_instant},
    extend::ExtendError,
    warn::WarnPoint,
};
use crate::calendar::Calendar;

/// What happened to a clock on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// It stood still.
    Paused {
        /// From when.
        from: DateTime<Utc>,
        /// Until when.
        to: DateTime<Utc>,
    },
    /// It was lengthened.
    Extended {
        /// By how much.
        by: Span,
        /// Who agreed.
        approver: Approver,
    },
}

/// Where a clock began, by which terms it runs, and what happened on its way. The terms are those of its start: a rule that
/// is changed later is for the clocks that start later.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// The start it counts from.
    pub start: DateTime<Utc>,
    /// The last day when it is given from outside (an obligation's date), before it is rolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_day: Option<NaiveDate>,
    /// How it is counted.
    pub terms: Terms,
    /// What happened, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

impl Course {
    /// A clock that begins at `start` and ends at `due`. An end that the rule does not give from that start was given from
    /// outside.
    #[must_use]
    pub fn new(rule: &ClockRule, start: DateTime<Utc>, due: &Due, calendar: &Calendar) -> Self {
        let terms = rule.terms();
        let by_rule = terms.due(start, calendar) == *due;
        Self {
            start,
            on_day: (!by_rule).then_some(due.nominal_day),
            terms,
            changes: Vec::new(),
        }
    }

    /// The end, as the calendar has it now.
    #[must_use]
    pub fn due(&self, calendar: &Calendar) -> Due {
        self.changes
            .iter()
            .fold(self.base(calendar), |due, change| match *change {
                Change::Paused { from, to } => {
                    self.terms.resume_after_pause(&due, from, to, calendar)
                }
                Change::Extended { by, .. } => self.terms.shift(&due, by, calendar),
            })
    }

    fn base(&self, calendar: &Calendar) -> Due {
        match self.on_day {
            Some(day) => Due::on_day(day, self.terms.roll, calendar),
            None => self.terms.due(self.start, calendar),
        }
    }

    /// How often it was lengthened.
    #[must_use]
    pub fn extended(&self) -> u32 {
        let times = self
            .changes
            .iter()
            .filter(|change| matches!(change, Change::Extended { .. }))
            .count();
        u32::try_from(times).unwrap_or(u32::MAX)
    }

    /// Notes one more extension as the rule grants it.
    ///
    /// # Errors
    /// The rule knows none, they are used up, or somebody else has to agree.
    pub fn extend(&mut self, rule: &ClockRule, approver: Approver) -> Result<(), ExtendError> {
        let extension = rule.extension.ok_or(ExtendError::NotExtendable)?;
        if self.extended() >= extension.max_times {
            return Err(ExtendError::UsedUp);
        }
        if approver != extension.approver {
            return Err(ExtendError::NotApproved(extension.approver));
        }
        let by = Span {
            amount: extension.amount,
            unit: extension.unit,
        };
        self.changes.push(Change::Extended { by, approver });
        Ok(())
    }

    /// The warnings of the rule along this course, ascending; those that would fall before the start are left out. Points
    /// that count from the start move by every pause that began before them; points that count from the end follow it.
    #[must_use]
    pub fn warn_at(&self, rule: &ClockRule, calendar: &Calendar) -> Vec<WarnAt> {
        let due = self.due(calendar);
        let mut without_pauses = self.clone();
        without_pauses
            .changes
            .retain(|change| matches!(change, Change::Extended { .. }));
        let from_start = without_pauses.due(calendar);
        let mut warnings = Vec::new();
        for point in &rule.warn {
            let at = match point {
                WarnPoint::Percent(_) | WarnPoint::Elapsed(_) => {
                    let at = point.instant(self.start, &from_start, calendar);
                    self.after_pauses(at, calendar)
                }
                WarnPoint::Before(_) | WarnPoint::After(_) => {
                    point.instant(self.start, &due, calendar)
                }
            };
            warnings.push(WarnAt {
                point: point.to_string(),
                at,
            });
        }
        warnings.retain(|warning| warning.at >= self.start);
        warnings.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.point.cmp(&b.point)));
        warnings
    }

    fn after_pauses(&self, at: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
        self.changes.iter().fold(at, |at, change| match *change {
            Change::Paused { from, to } if at > from => self.move_by(at, from, to, calendar),
            _ => at,
        })
    }

    /// An instant moved by what was missed from `from` to `to`, in the unit of the terms.
    fn move_by(
        &self,
        at: DateTime<Utc>,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        calendar: &Calendar,
    ) -> DateTime<Utc> {
        let (first, last) = (beijing_date(from), beijing_date(to));
        let moved = match self.terms.span.unit {
            Unit::Minute | Unit::Hour => at.checked_add_signed((to - from).max(TimeDelta::zero())),
            Unit::WorkingHour => {
                let hours = calendar.working_hours();
                let missed = TimeDelta::minutes(hours.minutes_between(from, to, calendar));
                Some(hours.add_for(at, missed, calendar).0)
            }
            Unit::Day | Unit::Month => {
                let missed = u64::try_from((last - first).num_days()).unwrap_or(0);
                at.checked_add_days(Days::new(missed))
            }
            Unit::WorkingDay => match calendar.working_days_between(first, last) {
                0 => Some(at),
                missed => {
                    let local = beijing(at);
                    let day = calendar.add_working_days(local.date(), missed);
                    Some(beijing_instant(day.date, local.time()))
                }
            },
        };
        moved.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}
