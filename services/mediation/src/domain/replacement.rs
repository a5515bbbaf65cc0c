//! Another mediator takes over (人民法院在线调解规则 14; 人民调解法 23).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::MediatorsReplaced,
    ids::{MediatorId, PartyId},
    problems::mediation as codes,
};
use policy::PolicyPack;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    proceeding::{Proceeding, ProceedingState},
    start::{Disclosure, check_disclosures, check_mediators},
    step,
};
use crate::json::Json;

/// Mediators who took over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Replacement {
    /// Who mediated before.
    pub before: Vec<MediatorId>,
    /// Reason code of the policy pack.
    pub reason: String,
    /// When.
    pub replaced_at: DateTime<Utc>,
}

/// Who takes over, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceMediators {
    /// Who mediates from now on; the first presides.
    pub mediator_ids: Vec<MediatorId>,
    /// Reason code of the policy pack.
    pub reason: String,
    /// The parties who accept: every one must (人民调解法 23).
    pub accepted_by: Vec<PartyId>,
    /// Interests of theirs in the case, accepted by every party.
    #[serde(default)]
    pub disclosures: Vec<Disclosure>,
}

impl Proceeding {
    /// Replaces the mediators. That the new ones are the organisation's is for the caller to check.
    ///
    /// # Errors
    /// `transition-not-allowed`, `invalid-body`, `mediator-not-accepted`, `unknown-mediator`, `mediator-conflict`,
    /// `text-required`, `text-too-long`.
    pub fn replace_mediators(
        mut self,
        request: ReplaceMediators,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        let stays = match self.state {
            ProceedingState::Paused => ProceedingState::Paused,
            _ => ProceedingState::Mediating,
        };
        self.state = step::<Self>(Some(self.state), "change_proceeding_mediator", stays)?;
        let ReplaceMediators {
            mediator_ids,
            reason,
            accepted_by,
            disclosures,
        } = request;
        check_mediators(&mediator_ids, policy)?;
        check_disclosures(&mediator_ids, &disclosures, policy)?;
        let reasons = &policy.mediation().mediator_change_reasons;
        Refusal::check_code(&reason, reasons, "/reason")?;
        let accepts = |party: &PartyId| accepted_by.contains(party);
        if !self.party_ids().iter().all(accepts) {
            return Err(Refusal::new(&codes::MEDIATOR_NOT_ACCEPTED).at("/accepted_by"));
        }
        let before = std::mem::replace(&mut self.mediator_ids, mediator_ids.clone());
        self.disclosures = Json(disclosures);
        self.course.replacements.push(Replacement {
            before,
            reason: reason.clone(),
            replaced_at: now,
        });
        let replaced = MediatorsReplaced {
            proceeding_id: self.id,
            case_id: self.case_id,
            region: self.region,
            mediator_ids,
            reason,
            replaced_at: now,
        };
        Ok((self.changed(now), vec![replaced.into()]))
    }
}
