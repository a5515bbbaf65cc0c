//! A longer time for mediation 延长 when every party agrees (transition 14; 人民法院在线调解规则 24).

use chrono::{DateTime, Utc};
use contracts::{events::mediation::MediationExtended, ids::PartyId, problems::mediation as codes};
use policy::{ClockRule, clock::Approver};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    proceeding::{Proceeding, ProceedingState},
    step,
};

/// A longer time that was agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GrantedExtension {
    /// The parties who agreed: all of them.
    pub agreed_by: Vec<PartyId>,
    /// When mediation is due since.
    pub due_at: DateTime<Utc>,
    /// When it was recorded.
    pub extended_at: DateTime<Utc>,
}

/// Who agrees to a longer time. Its length is the time limit's own (`extension` of the clock).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendMediation {
    /// The parties who agree: every one must.
    pub agreed_by: Vec<PartyId>,
}

impl Proceeding {
    /// Whether `rule` lets mediation be extended once more.
    ///
    /// # Errors
    /// `extension-capped` when the rule knows no extension or they are used up.
    pub fn check_extendable(&self, rule: &ClockRule) -> Result<u32, Refusal> {
        let granted = u32::try_from(self.course.extensions.len()).unwrap_or(u32::MAX);
        let extension = rule.extension.ok_or_else(|| {
            Refusal::new(&codes::EXTENSION_CAPPED)
                .detail("该期限不得延长", "This time limit cannot be extended")
        })?;
        if granted >= extension.max_times {
            let max = extension.max_times;
            return Err(Refusal::new(&codes::EXTENSION_CAPPED).detail(
                format!("最多延长 {max} 次"),
                format!("It can be extended {max} times at most"),
            ));
        }
        Ok(granted)
    }

    /// Extends mediation until `due_at`, when `rule` lets it and every party agrees.
    ///
    /// # Errors
    /// `transition-not-allowed`, `extension-capped`, `extension-needs-every-party`, `unknown-party`.
    pub fn extend(
        mut self,
        request: ExtendMediation,
        rule: &ClockRule,
        due_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(
            Some(self.state),
            "extend_mediation",
            ProceedingState::Mediating,
        )?;
        self.check_extendable(rule)?;
        let ExtendMediation { agreed_by } = request;
        let parties = self.party_ids();
        if let Some(i) = agreed_by.iter().position(|party| !parties.contains(party)) {
            return Err(Refusal::new(&codes::UNKNOWN_PARTY).at(format!("/agreed_by/{i}")));
        }
        let by_parties = rule
            .extension
            .is_some_and(|extension| extension.approver == Approver::AllParties);
        if by_parties && !parties.iter().all(|party| agreed_by.contains(party)) {
            return Err(Refusal::new(&codes::EXTENSION_NEEDS_EVERY_PARTY).at("/agreed_by"));
        }
        self.due_at = Some(due_at);
        self.course.extensions.push(GrantedExtension {
            agreed_by,
            due_at,
            extended_at: now,
        });
        let extended = MediationExtended {
            proceeding_id: self.id,
            case_id: self.case_id,
            region: self.region,
            due_at,
            extended_at: now,
        };
        Ok((self.changed(now), vec![extended.into()]))
    }
}
