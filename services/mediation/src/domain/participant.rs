//! People invited to help with the parties' consent (人民调解法 20).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::ParticipantInvited,
    ids::{ParticipantId, PartyId},
    problems::{common, mediation as codes},
};
use policy::PolicyPack;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    proceeding::{Proceeding, ProceedingState},
    step,
};

/// Somebody who was invited to help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Participant {
    /// The participant.
    pub id: ParticipantId,
    /// Full name.
    pub name: String,
    /// Role code of the policy pack.
    pub role: String,
    /// When they were invited.
    pub invited_at: DateTime<Utc>,
}

/// Whom to invite.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteParticipant {
    /// Full name.
    pub name: String,
    /// Role code of the policy pack.
    pub role: String,
    /// The parties who consent: every one must.
    pub consented_by: Vec<PartyId>,
}

impl Proceeding {
    /// Invites somebody.
    ///
    /// # Errors
    /// `transition-not-allowed`, `text-required`, `text-too-long`, `invalid-body`; `consent-missing` when a party does not
    /// consent.
    pub fn invite(
        mut self,
        request: InviteParticipant,
        policy: &PolicyPack,
        id: ParticipantId,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(
            Some(self.state),
            "invite_participant",
            ProceedingState::Mediating,
        )?;
        let InviteParticipant {
            name,
            role,
            consented_by,
        } = request;
        let limits = policy.limits();
        Refusal::check_text(&name, limits.name_max, "/name")?;
        Refusal::check_code(&role, &policy.mediation().participant_roles, "/role")?;
        let consents = |party: &PartyId| consented_by.contains(party);
        if !self.party_ids().iter().all(consents) {
            return Err(Refusal::new(&codes::CONSENT_MISSING).at("/consented_by"));
        }
        if self.course.participants.len() >= limits.list_max {
            return Err(Refusal::new(&common::INVALID_BODY));
        }
        let invited = ParticipantInvited {
            proceeding_id: self.id,
            case_id: self.case_id,
            role: role.clone(),
            invited_at: now,
        };
        self.course.participants.push(Participant {
            id,
            name,
            role,
            invited_at: now,
        });
        Ok((self.changed(now), vec![invited.into()]))
    }
}
