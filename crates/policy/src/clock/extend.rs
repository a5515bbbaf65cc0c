//! Lengthening a time limit, and resuming one that stood still.

use chrono::{DateTime, Utc};

use super::{
    Approver, ClockRule, Due, Span, Terms, Unit,
    due::{add_days, beijing_date, plus_time},
};
use crate::calendar::{Calendar, Counted};

/// Why a time limit cannot be lengthened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtendError {
    /// The rule knows no extension.
    #[error("this time limit cannot be extended")]
    NotExtendable,
    /// It was lengthened as often as the rule allows.
    #[error("this time limit was already extended as often as allowed")]
    UsedUp,
    /// Somebody else has to agree.
    #[error("{0:?} has to agree to the extension of this time limit")]
    NotApproved(Approver),
}

impl ClockRule {
    /// The end after one more extension, when `already` were granted before.
    ///
    /// # Errors
    /// The rule knows none, or they are used up.
    pub fn extend(&self, due: &Due, already: u32, calendar: &Calendar) -> Result<Due, ExtendError> {
        let extension = self.extension.ok_or(ExtendError::NotExtendable)?;
        if already >= extension.max_times {
            return Err(ExtendError::UsedUp);
        }
        let span = Span {
            amount: extension.amount,
            unit: extension.unit,
        };
        Ok(self.terms().shift(due, span, calendar))
    }

    /// The end after the clock stood still; as [`Terms::resume_after_pause`].
    #[must_use]
    pub fn resume_after_pause(
        &self,
        due: &Due,
        paused_at: DateTime<Utc>,
        resumed_at: DateTime<Utc>,
        calendar: &Calendar,
    ) -> Due {
        self.terms()
            .resume_after_pause(due, paused_at, resumed_at, calendar)
    }
}

impl Terms {
    /// The end after the clock stood still from `paused_at` to `resumed_at`. Limits in days are moved by the days
    /// between, those in working days by the working days between, those in hours by the time itself.
    #[must_use]
    pub fn resume_after_pause(
        &self,
        due: &Due,
        paused_at: DateTime<Utc>,
        resumed_at: DateTime<Utc>,
        calendar: &Calendar,
    ) -> Due {
        let paused_for = (resumed_at - paused_at).max(chrono::TimeDelta::zero());
        let (from, to) = (beijing_date(paused_at), beijing_date(resumed_at));
        match self.span.unit {
            Unit::Minute | Unit::Hour => {
                let at = due
                    .at
                    .checked_add_signed(paused_for)
                    .unwrap_or(DateTime::<Utc>::MAX_UTC);
                Due::from_instant(at, due.provisional)
            }
            Unit::WorkingHour => {
                let minutes = calendar
                    .working_hours()
                    .minutes_between(paused_at, resumed_at, calendar);
                let minutes = chrono::TimeDelta::minutes(minutes);
                let (at, provisional) = calendar.working_hours().add_for(due.at, minutes, calendar);
                Due::from_instant(at, due.provisional || provisional)
            }
            Unit::Day | Unit::Month => {
                let amount = u32::try_from((to - from).num_days()).unwrap_or(0);
                let unit = Unit::Day;
                self.shift(due, Span { amount, unit }, calendar)
            }
            Unit::WorkingDay => {
                let amount = calendar.working_days_between(from, to);
                let unit = Unit::WorkingDay;
                self.shift(due, Span { amount, unit }, calendar)
            }
        }
    }

    pub(super) fn shift(&self, due: &Due, span: Span, calendar: &Calendar) -> Due {
        if span.amount == 0 {
            return *due;
        }
        match span.unit {
            Unit::Minute | Unit::Hour => {
                Due::from_instant(plus_time(due.at, span), due.provisional)
            }
            Unit::WorkingHour => {
                let (at, provisional) = calendar.working_hours().add(due.at, span.amount, calendar);
                Due::from_instant(at, due.provisional || provisional)
            }
            Unit::Day | Unit::WorkingDay | Unit::Month => {
                let nominal = add_days(due.nominal_day, span, calendar);
                let nominal = Counted {
                    date: nominal.date,
                    provisional: nominal.provisional || due.provisional,
                };
                Due::from_nominal(nominal, self.roll, calendar)
            }
        }
    }
}
