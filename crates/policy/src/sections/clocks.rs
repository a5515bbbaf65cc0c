//! `clocks.yaml`: every time limit, and the office hours they are counted in.

use serde::Deserialize;

use crate::{
    Text,
    clock::{ClockRule, Span, WorkingHours},
};

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
    "dispatch.return_decide",
    "dispatch.feedback",
    "dispatch.rework",
    "supervision.reply",
    "supervision.reply.urgent",
    "consultation.report_in",
    "consultation.report_in.urgent",
    "consultation.meet",
    "task_force.plan",
    "task_force.progress",
    "mediation.consent",
    "mediation.choose",
    "mediation.accept",
    "mediation.start",
    "mediation.pause",
    "other_route.transfer",
    "mediation.statutory",
    "mediation.sealing",
    "mediation.track.simple",
    "mediation.track.general",
    "mediation.track.complex",
    "performance.obligation",
    "confirmation.apply",
    "court.accept",
    "court.confirm",
    "court.confirm.target",
    "confirmation.tell_options",
    "confirmation.supplement",
    "confirmation.objection",
    "confirmation.objection.third_party",
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
    /// Why mediation may be suspended.
    pub pause_reasons: Vec<PauseReason>,
    /// The rules.
    pub clocks: Vec<ClockRule>,
}

/// A reason for which mediation may be suspended 中止.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseReason {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The clocks that name the reason stand still meanwhile (人民法院在线调解规则 26).
    pub stops_clock: bool,
    /// It lasts at most as long as the clock `mediation.pause` allows.
    pub limited: bool,
}

impl Clocks {
    /// The reason for a suspension with this code.
    #[must_use]
    pub fn pause_reason(&self, code: &str) -> Option<&PauseReason> {
        self.pause_reasons.iter().find(|reason| reason.code == code)
    }

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
