//! Suspending mediation 中止 and going on 恢复 (transition 13; 人民法院在线调解规则 26).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{MediationPaused, MediationResumed},
    problems::mediation as codes,
};
use policy::{ClockRule, PolicyPack};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    proceeding::{Proceeding, ProceedingState},
    step,
};

/// A suspension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pause {
    /// Reason code of the policy pack.
    pub reason: String,
    /// What it is about.
    pub note: String,
    /// Whether the time limit of mediation stood still.
    pub stops_clock: bool,
    /// When it began.
    pub paused_at: DateTime<Utc>,
    /// When it ends by itself, where its length is limited.
    pub until: Option<DateTime<Utc>>,
    /// When mediation went on.
    pub resumed_at: Option<DateTime<Utc>>,
}

/// Why mediation is suspended.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseMediation {
    /// Reason code of the policy pack.
    pub reason: String,
    /// What it is about: who appraises what, which party asked.
    pub note: String,
}

impl Proceeding {
    /// Suspends mediation by `command`. `rule` is the time limit of mediation, `until` the end of a limited suspension.
    ///
    /// # Errors
    /// `transition-not-allowed`, `invalid-body` for a reason that is not the pack's, `text-required`, `text-too-long`.
    pub fn pause(
        mut self,
        request: PauseMediation,
        command: &str,
        rule: &ClockRule,
        until: DateTime<Utc>,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(Some(self.state), command, ProceedingState::Paused)?;
        let PauseMediation { reason, note } = request;
        let known = policy.clocks().pause_reason(&reason).ok_or_else(|| {
            let reasons = policy.clocks().pause_reasons.iter();
            Refusal::unknown_code("/reason", reasons.map(|reason| reason.code.as_str()))
        })?;
        Refusal::check_text(&note, policy.limits().note_max, "/note")?;
        let stops_clock = known.stops_clock && rule.pauses_for(&reason);
        let until = known.limited.then_some(until);
        let paused = MediationPaused {
            proceeding_id: self.id,
            case_id: self.case_id,
            region: self.region,
            reason: reason.clone(),
            stops_clock,
            until,
            paused_at: now,
        };
        self.course.pauses.push(Pause {
            reason,
            note,
            stops_clock,
            paused_at: now,
            until,
            resumed_at: None,
        });
        Ok((self.changed(now), vec![paused.into()]))
    }

    /// Whether mediation may go on; gives the state it goes on in.
    ///
    /// # Errors
    /// `transition-not-allowed`; `sham-suspected` while a suspicion is not cleared.
    pub fn check_resume(&self) -> Result<ProceedingState, Refusal> {
        let state = step::<Self>(
            Some(self.state),
            "resume_mediation",
            ProceedingState::Mediating,
        )?;
        if self.course.sham_open() {
            return Err(Refusal::new(&codes::SHAM_SUSPECTED));
        }
        Ok(state)
    }

    /// Goes on with mediation, which is due at `due_at` now.
    ///
    /// # Errors
    /// `transition-not-allowed`; `sham-suspected` while a suspicion is not cleared.
    pub fn resume(
        mut self,
        due_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = self.check_resume()?;
        if let Some(pause) = self.course.pauses.last_mut() {
            pause.resumed_at = Some(now);
        }
        self.due_at = due_at;
        let resumed = MediationResumed {
            proceeding_id: self.id,
            case_id: self.case_id,
            region: self.region,
            due_at,
            resumed_at: now,
        };
        Ok((self.changed(now), vec![resumed.into()]))
    }
}
