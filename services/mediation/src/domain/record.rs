//! What is written down apart from the sessions: offers 让步, which nobody else ever reads, and undisputed facts 无争议事实,
//! which the parties sign (人民法院在线调解规则 18, 22).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{FactsAgreed, SignatureForm},
    ids::{ConcessionId, PartyId, ProceedingId},
    problems::{common, mediation as codes},
};
use diesel::prelude::*;
use policy::PolicyPack;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    proceeding::{Proceeding, ProceedingState},
    step,
};
use crate::{
    json::Json,
    schema::{concessions, undisputed_facts},
};

/// What a party offered for the sake of a settlement. It must not be used against it later; only the organisation that
/// mediates reads it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = concessions)]
pub struct Concession {
    /// The entry.
    pub id: ConcessionId,
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The party.
    pub party_id: PartyId,
    /// What it offered.
    pub content: String,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

/// What is recorded of an offer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordConcession {
    /// The party.
    pub party_id: PartyId,
    /// What it offered.
    pub content: String,
}

/// A party's signature under the undisputed facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FactSignature {
    /// The party.
    pub party_id: PartyId,
    /// How.
    pub form: SignatureForm,
    /// When.
    pub signed_at: DateTime<Utc>,
}

/// The facts nobody disputes. They may be used later once every party signed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = undisputed_facts)]
pub struct UndisputedFacts {
    /// The proceeding; one record each.
    pub proceeding_id: ProceedingId,
    /// The facts.
    pub content: String,
    /// The signatures so far.
    pub signatures: Json<Vec<FactSignature>>,
    /// When the last party signed.
    pub agreed_at: Option<DateTime<Utc>>,
    /// When they were first written down.
    pub created_at: DateTime<Utc>,
    /// When they were last changed.
    pub updated_at: DateTime<Utc>,
}

/// The facts nobody disputes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordFacts {
    /// The facts; nothing that was only offered for a settlement.
    pub content: String,
}

/// A party signs the undisputed facts.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignFacts {
    /// The party; an applicant may leave it out.
    pub party_id: Option<PartyId>,
    /// How.
    pub form: SignatureForm,
}

impl Proceeding {
    /// Records what a party offered. It leaves no event.
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-party`, `text-required`, `text-too-long`.
    pub fn concede(
        &self,
        request: RecordConcession,
        policy: &PolicyPack,
        id: ConcessionId,
        now: DateTime<Utc>,
    ) -> Result<Concession, Refusal> {
        step::<Self>(
            Some(self.state),
            "record_concession",
            ProceedingState::Mediating,
        )?;
        let RecordConcession { party_id, content } = request;
        if !self.party_ids().contains(&party_id) {
            return Err(Refusal::new(&codes::UNKNOWN_PARTY).at("/party_id"));
        }
        Refusal::check_text(&content, policy.limits().record_max, "/content")?;
        Ok(Concession {
            id,
            proceeding_id: self.id,
            party_id,
            content,
            created_at: now,
        })
    }

    /// Writes down the facts nobody disputes, or writes them anew as long as nobody signed.
    ///
    /// # Errors
    /// `transition-not-allowed`, `signature-already-given`, `text-required`, `text-too-long`.
    pub fn write_facts(
        &self,
        request: RecordFacts,
        earlier: Option<&UndisputedFacts>,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<UndisputedFacts, Refusal> {
        step::<Self>(Some(self.state), "record_facts", ProceedingState::Mediating)?;
        if earlier.is_some_and(|facts| !facts.signatures.is_empty()) {
            return Err(Refusal::new(&codes::SIGNATURE_ALREADY_GIVEN));
        }
        Refusal::check_text(&request.content, policy.limits().record_max, "/content")?;
        Ok(UndisputedFacts {
            proceeding_id: self.id,
            content: request.content,
            signatures: Json(Vec::new()),
            agreed_at: None,
            created_at: earlier.map_or(now, |facts| facts.created_at),
            updated_at: now,
        })
    }

    /// A party signs the undisputed facts; with the last one they stand.
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-party`, `signature-already-given`, `signature-form-not-allowed`.
    pub fn sign_facts(
        &self,
        mut facts: UndisputedFacts,
        party_id: Option<PartyId>,
        form: SignatureForm,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(UndisputedFacts, Vec<Fact>), Refusal> {
        step::<Self>(Some(self.state), "sign_facts", ProceedingState::Mediating)?;
        let party_id = party_id
            .filter(|id| self.party_ids().contains(id))
            .ok_or_else(|| Refusal::new(&codes::UNKNOWN_PARTY).at("/party_id"))?;
        if !policy.mediation().agreement.signature_forms.contains(&form) {
            return Err(Refusal::new(&common::INVALID_BODY).at("/form"));
        }
        let signed = |facts: &UndisputedFacts, party: &PartyId| {
            facts.signatures.iter().any(|of| of.party_id == *party)
        };
        if signed(&facts, &party_id) {
            return Err(Refusal::new(&codes::SIGNATURE_ALREADY_GIVEN).at("/party_id"));
        }
        facts.signatures.push(FactSignature {
            party_id,
            form,
            signed_at: now,
        });
        facts.updated_at = now;
        if !self.party_ids().iter().all(|party| signed(&facts, party)) {
            return Ok((facts, Vec::new()));
        }
        facts.agreed_at = Some(now);
        let agreed = FactsAgreed {
            proceeding_id: self.id,
            case_id: self.case_id,
            agreed_at: now,
        };
        Ok((facts, vec![agreed.into()]))
    }
}
