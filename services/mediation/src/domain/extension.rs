//! A longer time for mediation 延长 when every party agrees (transition 14; 人民法院在线调解规则 24).

use chrono::{DateTime, Utc};
use contracts::{events::mediation::MediationExtended, ids::PartyId, problems::mediation as codes};
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
    /// Whether mediation goes on and every party agrees to a longer time. How often it may be extended the clock knows.
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-party`, `extension-needs-every-party`.
    pub fn check_extension(&self, request: &ExtendMediation) -> Result<(), Refusal> {
        step::<Self>(
            Some(self.state),
            "extend_mediation",
            ProceedingState::Mediating,
        )?;
        let (parties, agreed) = (self.party_ids(), &request.agreed_by);
        if let Some(i) = agreed.iter().position(|party| !parties.contains(party)) {
            return Err(Refusal::new(&codes::UNKNOWN_PARTY).at(format!("/agreed_by/{i}")));
        }
        if !parties.iter().all(|party| agreed.contains(party)) {
            return Err(Refusal::new(&codes::EXTENSION_NEEDS_EVERY_PARTY).at("/agreed_by"));
        }
        Ok(())
    }

    /// Extends mediation until `due_at`.
    ///
    /// # Errors
    /// As [`Proceeding::check_extension`].
    pub fn extend(
        mut self,
        request: ExtendMediation,
        due_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.check_extension(&request)?;
        self.due_at = Some(due_at);
        self.course.extensions.push(GrantedExtension {
            agreed_by: request.agreed_by,
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
