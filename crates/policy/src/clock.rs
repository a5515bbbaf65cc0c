//! Time limits (时限): the rule of a clock, and when it is due, warned about, extended and resumed.
//!
//! A rule is data (`clocks.yaml`). [`ClockRule::due`] applies it to a start and a [`Calendar`](crate::Calendar).

pub mod course;
pub mod due;
pub mod extend;
pub mod hours;
pub mod warn;

use serde::{Deserialize, Serialize};

pub use course::{Change, Course};
pub use due::Due;
pub use extend::ExtendError;
pub use hours::WorkingHours;
pub use warn::{WarnAt, WarnPoint};

use crate::Text;

/// Where a time limit comes from, which decides what overrunning it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// 法定: a law sets it; nobody may lengthen it beyond the law's own extension.
    Statutory,
    /// 约定: the parties set it.
    Contractual,
    /// 目标: the centre's own aim.
    Target,
}

/// Unit of a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Clock minutes from the instant.
    Minute,
    /// Clock hours from the instant.
    Hour,
    /// Hours in which offices are open.
    WorkingHour,
    /// Calendar days; the day of the start does not count (民事诉讼法 85, 民法典 201).
    Day,
    /// Working days; the day of the start does not count.
    WorkingDay,
    /// Months: ends on the day of the same number, or on the month's last day (民法典 202).
    Month,
}

/// A number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
}

/// Which day is the first of a time limit in days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstDay {
    /// The day after the start (民事诉讼法 85).
    #[default]
    NextDay,
    /// The day of the start itself.
    SameDay,
}

/// What happens when the last day is no working day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Roll {
    /// The last day stays.
    #[default]
    None,
    /// The first working day after it becomes the last day (民事诉讼法 85).
    NextWorkingDay,
}

/// How a time limit is counted, without what is said and done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Its length.
    pub span: Span,
    /// First day of a limit in days, working days or months.
    pub first_day: FirstDay,
    /// What happens when the last day is no working day.
    pub roll: Roll,
}

/// Who may lengthen a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// Every party agrees.
    AllParties,
    /// The person in charge of the organisation.
    Leader,
    /// The president of the court.
    CourtPresident,
    /// The coordinator of the centre.
    Coordinator,
}

/// How a time limit may be lengthened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Units added each time.
    pub amount: u32,
    /// Unit.
    pub unit: Unit,
    /// How often.
    pub max_times: u32,
    /// Who agrees.
    pub approver: Approver,
}

/// What follows when a time limit runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BreachEffect {
    /// Shown and counted, nothing else.
    Record,
    /// A reminder goes to who is responsible (催办).
    Remind,
    /// A supervision order follows (督办).
    Supervise,
    /// The request lapses.
    Lapse,
    /// The right expires (逾期).
    Expire,
    /// The proceeding ends.
    EndProceeding,
}

impl BreachEffect {
    /// As in the policy pack: `end_proceeding`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Remind => "remind",
            Self::Supervise => "supervise",
            Self::Lapse => "lapse",
            Self::Expire => "expire",
            Self::EndProceeding => "end_proceeding",
        }
    }

    /// The effect of this name, as [`Self::as_str`] gives it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [
            Self::Record,
            Self::Remind,
            Self::Supervise,
            Self::Lapse,
            Self::Expire,
            Self::EndProceeding,
        ]
        .into_iter()
        .find(|known| known.as_str() == name)
    }

    /// Whether nothing is left to be done in time when the limit has run out; otherwise what was to be done is overdue until
    /// it is done.
    #[must_use]
    pub fn is_final(self) -> bool {
        match self {
            Self::Record | Self::Remind | Self::Supervise => false,
            Self::Lapse | Self::Expire | Self::EndProceeding => true,
        }
    }
}

/// The rule of one clock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
    /// `matter.accept`; with `@` and a dispute type code after it for a type of its own: `mediation.statutory@medical`.
    pub id: String,
    /// Name people see.
    pub name: Text,
    /// Statutory, contractual or target.
    pub kind: ClockKind,
    /// Unit of `amount`.
    pub unit: Unit,
    /// How many units; 0 working days = by the end of the same working day.
    pub amount: u32,
    /// The fact that starts it, for the reader: `agreement.effective`.
    pub starts_at: String,
    /// First day of a limit in days, working days or months.
    #[serde(default)]
    pub first_day: FirstDay,
    /// What happens when the last day is no working day.
    #[serde(default)]
    pub roll: Roll,
    /// How it may be lengthened; absent = not.
    #[serde(default)]
    pub extension: Option<Extension>,
    /// Reasons for which it stands still: codes of the pause list. Empty = it never does.
    #[serde(default)]
    pub pause_reasons: Vec<String>,
    /// When somebody is warned.
    #[serde(default)]
    pub warn: Vec<WarnPoint>,
    /// What follows when it runs out.
    pub breach: BreachEffect,
    /// The law or practice it comes from.
    pub law: String,
}

impl ClockRule {
    /// The rule's length.
    #[must_use]
    pub fn span(&self) -> Span {
        Span {
            amount: self.amount,
            unit: self.unit,
        }
    }

    /// How it is counted.
    #[must_use]
    pub fn terms(&self) -> Terms {
        Terms {
            span: self.span(),
            first_day: self.first_day,
            roll: self.roll,
        }
    }

    /// Whether the clock stands still for this reason.
    #[must_use]
    pub fn pauses_for(&self, reason: &str) -> bool {
        self.pause_reasons.iter().any(|known| known == reason)
    }
}
