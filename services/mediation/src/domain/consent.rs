//! The parties' answers: consent and refusal (transitions 11, 12; 人民调解法 17).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{MediationConsented, MediationRefused},
    ids::PartyId,
    problems::mediation as codes,
    text_enum,
};
use policy::{PolicyPack, sections::mediation::EndCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    ending::Ending,
    proceeding::{Proceeding, ProceedingParty, ProceedingState},
    step,
};

text_enum! {
    /// How a party answered.
    pub enum ConsentWay {
        /// 当面.
        InPerson => "in_person",
        /// 电话.
        Phone => "phone",
        /// 网上.
        Online => "online",
        /// 书面.
        Written => "written",
    }
}

/// What a party answered when asked whether it is willing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsentAnswer {
    /// Whether it consents.
    pub consents: bool,
    /// How it answered.
    pub way: ConsentWay,
    /// Version of the notice of rights and duties it was told of (人民调解法 23, 24).
    pub rights_notice_version: String,
    /// When.
    pub answered_at: DateTime<Utc>,
}

impl Proceeding {
    /// Records that a party consents (人民调解法 17).
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-party`, `consent-already-given`.
    pub fn consent(
        mut self,
        party_id: PartyId,
        way: ConsentWay,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(
            Some(self.state),
            "record_consent",
            ProceedingState::ConsentPending,
        )?;
        if self.party(party_id)?.answer.is_some() {
            return Err(Refusal::new(&codes::CONSENT_ALREADY_GIVEN).at("/party_id"));
        }
        self.answer(party_id, true, way, policy, now);
        let (proceeding_id, case_id) = (self.id, self.case_id);
        let consented = MediationConsented {
            proceeding_id,
            case_id,
            party_id,
            consented_at: now,
        };
        Ok((self.changed(now), vec![consented.into()]))
    }

    /// Records that a party refuses, at first or later: the proceeding ends at once and the parties are told of other
    /// ways (transition 12; 人民调解法 17, 23, 26).
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-party`.
    pub fn refuse(
        mut self,
        party_id: PartyId,
        way: ConsentWay,
        end: &EndCode,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        step::<Self>(Some(self.state), "record_consent", ProceedingState::Refused)?;
        self.party(party_id)?;
        self.answer(party_id, false, way, policy, now);
        let (proceeding_id, case_id) = (self.id, self.case_id);
        let refused = MediationRefused {
            proceeding_id,
            case_id,
            party_id,
            refused_at: now,
        };
        let ending = Ending::new(end, &self.type_code, policy, now);
        let (ended, fact) = self.ended(ProceedingState::Refused, ending, now);
        Ok((ended, vec![refused.into(), fact]))
    }

    fn party(&self, party_id: PartyId) -> Result<&ProceedingParty, Refusal> {
        let party = self.parties.iter().find(|party| party.party_id == party_id);
        party.ok_or_else(|| Refusal::new(&codes::UNKNOWN_PARTY).at("/party_id"))
    }

    fn answer(
        &mut self,
        party_id: PartyId,
        consents: bool,
        way: ConsentWay,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) {
        for party in self
            .parties
            .iter_mut()
            .filter(|party| party.party_id == party_id)
        {
            party.answer = Some(ConsentAnswer {
                consents,
                way,
                rights_notice_version: policy.mediation().rights_notice_version.clone(),
                answered_at: now,
            });
        }
    }
}
