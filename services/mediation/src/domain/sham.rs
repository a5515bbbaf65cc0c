//! Suspicion of a sham mediation 虚假调解 (JC-09; 民事诉讼法 115; 人民法院特邀调解规定 18).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{ShamCleared, ShamSuspected},
    problems::mediation as codes,
};
use policy::{ClockRule, PolicyPack};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    pause::PauseMediation,
    proceeding::{Proceeding, ProceedingState},
    step,
};

/// A suspicion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShamSuspicion {
    /// Ground code of the policy pack.
    pub ground: String,
    /// What points to it.
    pub note: String,
    /// When it was reported.
    pub suspected_at: DateTime<Utc>,
    /// What the check found, when it was unfounded.
    pub finding: Option<String>,
    /// When it was cleared.
    pub cleared_at: Option<DateTime<Utc>>,
}

/// Why it is suspected.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspectSham {
    /// Ground code of the policy pack.
    pub ground: String,
    /// What points to it.
    pub note: String,
}

impl Proceeding {
    /// Reports a suspicion. What is being mediated is suspended, until `until` where such a suspension is
    /// limited; a draft cannot take effect meanwhile.
    ///
    /// # Errors
    /// `transition-not-allowed`; `sham-suspected` when one is open already; `invalid-body`, `text-required`,
    /// `text-too-long`.
    pub fn suspect_sham(
        mut self,
        request: SuspectSham,
        rule: &ClockRule,
        until: DateTime<Utc>,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        if self.course.sham_open() {
            return Err(Refusal::new(&codes::SHAM_SUSPECTED));
        }
        let SuspectSham { ground, note } = request;
        Refusal::check_code(&ground, &policy.mediation().sham_grounds, "/ground")?;
        Refusal::check_text(&note, policy.limits().note_max, "/note")?;
        let mut facts = Vec::new();
        if self.state == ProceedingState::Mediating {
            let pause = PauseMediation {
                reason: policy.mediation().sham_pause_reason.clone(),
                note: note.clone(),
            };
            (self, facts) = self.pause(pause, "suspect_sham", rule, until, policy, now)?;
        } else {
            self.state = step::<Self>(Some(self.state), "suspect_sham", self.state)?;
            self = self.changed(now);
        }
        facts.push(
            ShamSuspected {
                proceeding_id: self.id,
                case_id: self.case_id,
                region: self.region,
                agreement_id: self.agreement_id,
                ground: ground.clone(),
                suspected_at: now,
            }
            .into(),
        );
        self.course.sham = Some(ShamSuspicion {
            ground,
            note,
            suspected_at: now,
            finding: None,
            cleared_at: None,
        });
        Ok((self, facts))
    }

    /// Clears a suspicion that was unfounded. A suspended proceeding may go on then.
    ///
    /// # Errors
    /// `transition-not-allowed`, also when nothing is suspected; `text-required`, `text-too-long`.
    pub fn clear_sham(
        mut self,
        finding: String,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(Some(self.state), "clear_sham", self.state)?;
        Refusal::check_text(&finding, policy.limits().note_max, "/finding")?;
        let open = self.course.sham.as_mut();
        let sham = open
            .filter(|sham| sham.cleared_at.is_none())
            .ok_or_else(|| Refusal::new(&contracts::problems::common::TRANSITION_NOT_ALLOWED))?;
        sham.finding = Some(finding);
        sham.cleared_at = Some(now);
        let cleared = ShamCleared {
            proceeding_id: self.id,
            case_id: self.case_id,
            region: self.region,
            agreement_id: self.agreement_id,
            cleared_at: now,
        };
        Ok((self.changed(now), vec![cleared.into()]))
    }
}
