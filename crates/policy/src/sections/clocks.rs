//! `clocks.yaml`: every time limit, and the office hours they are counted in.

use serde::Deserialize;

use super::Named;
use crate::clock::{ClockRule, Span, WorkingHours};

/// The clocks the services start; a pack without one of them is refused.
pub const REQUIRED: &[&str] = &[
    "matter.register",
    "matter.correct",
    "matter.answer",
    "matter.accept",
    "petition.accept",
    "petition.handle",
    "petition.ask_review",
    "petition.review",
    "screening.write_off",
    "triage.decide",
    "dispatch.sign",
    "dispatch.return",
    "mediation.consent",
    "mediation.start",
    "mediation.statutory",
    "mediation.track.simple",
    "mediation.track.general",
    "mediation.track.complex",
    "performance.obligation",
    "confirmation.apply",
    "court.accept",
    "court.confirm",
    "court.confirm.target",
    "confirmation.tell_options",
    "followup.visit",
    "case.close",
    "case.reopen",
    "case.archive",
];

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clocks {
    /// Office hours, Beijing time.
    pub working_hours: WorkingHours,
    /// How long before its end a clock is due soon 即将到期.
    pub due_soon: Span,
    /// Reasons for which a clock may stand still.
    pub pause_reasons: Vec<Named>,
    /// The rules.
    pub clocks: Vec<ClockRule>,
}

impl Clocks {
    /// The rule with exactly this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&ClockRule> {
        self.clocks.iter().find(|rule| rule.id == id)
    }

    /// The rule for a case of a dispute type: `id@contract.debt`, else `id@contract`, else `id`.
    #[must_use]
    pub fn for_type(&self, id: &str, type_code: &str) -> Option<&ClockRule> {
        let root = super::dispute_types::root_of(type_code);
        self.get(&format!("{id}@{type_code}"))
            .or_else(|| self.get(&format!("{id}@{root}")))
            .or_else(|| self.get(id))
    }
}
