//! Agreements and obligations.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::mediation::AgreementForm,
    ids::{AgreementId, CaseId, ObligationId, OrganisationId, PartyId, ProceedingId},
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    agreement::{Agreement, AgreementState, Clause, Signature},
    amendment::AgreementTerms,
    obligation::{Obligation, ObligationState},
};

/// An agreement.
#[derive(Serialize, ToSchema)]
pub struct AgreementView {
    /// The agreement.
    pub id: AgreementId,
    /// Its version, as in the `ETag`.
    pub version: i64,
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The mediation organisation.
    pub organisation_id: OrganisationId,
    /// Dispute type code.
    pub type_code: String,
    /// Its state.
    pub state: AgreementState,
    /// Written or oral.
    pub form: AgreementForm,
    /// The main facts and each party's responsibility.
    pub facts: String,
    /// What was agreed.
    pub content: String,
    /// Content codes that exclude judicial confirmation.
    pub content_codes: Vec<String>,
    /// Amount in fen; 0 when it is not about money.
    pub amount_fen: i64,
    /// What was agreed to be performed.
    pub clauses: Vec<Clause>,
    /// Whether everything is performed on the spot.
    pub immediate: bool,
    /// The parties bound.
    pub party_ids: Vec<PartyId>,
    /// The signatures so far.
    pub signatures: Vec<Signature>,
    /// Obligations not fulfilled yet.
    pub remaining: i32,
    /// What stays open, when it settles only a part of the dispute.
    pub open_issues: Option<String>,
    /// Number in the register of oral agreements.
    pub oral_number: Option<String>,
    /// Whether the court confirmed it.
    pub confirmed: bool,
    /// Other ways by which it can be enforced as it is now: codes of the policy pack's `effect_routes`.
    pub enforceable_by: Vec<String>,
    /// A new version that waits for signatures.
    pub amendment: Option<AgreementTerms>,
    /// Earlier versions, the earliest first.
    pub history: Vec<AgreementTerms>,
    /// When it was first drafted.
    pub drafted_at: DateTime<Utc>,
    /// When it took effect.
    pub effective_at: Option<DateTime<Utc>>,
}

impl From<Agreement> for AgreementView {
    fn from(agreement: Agreement) -> Self {
        Self {
            id: agreement.id,
            version: agreement.version,
            proceeding_id: agreement.proceeding_id,
            case_id: agreement.case_id,
            region: agreement.region,
            organisation_id: agreement.organisation_id,
            type_code: agreement.type_code,
            state: agreement.state,
            form: agreement.form,
            facts: agreement.facts,
            content: agreement.content,
            content_codes: agreement.content_codes,
            amount_fen: agreement.amount_fen,
            clauses: agreement.clauses.0,
            immediate: agreement.immediate,
            party_ids: agreement.party_ids,
            signatures: agreement.signatures.0,
            remaining: agreement.remaining,
            open_issues: agreement.open_issues,
            oral_number: agreement.oral_number,
            confirmed: agreement.confirmed,
            enforceable_by: agreement.enforceable_by,
            amendment: agreement.amendment.map(|terms| terms.0),
            history: agreement.history.0,
            drafted_at: agreement.created_at,
            effective_at: agreement.effective_at,
        }
    }
}

/// An obligation of an agreement in effect.
#[derive(Serialize, ToSchema)]
pub struct ObligationView {
    /// The obligation.
    pub id: ObligationId,
    /// Its version, as in the `ETag`.
    pub version: i64,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// The party that performs.
    pub debtor: PartyId,
    /// What is to be done, when it is not only a payment.
    pub act: Option<String>,
    /// Way code.
    pub way: String,
    /// Last day to perform it.
    pub due_on: NaiveDate,
    /// Amount in fen, when it is a payment.
    pub amount_fen: Option<i64>,
    /// Its state.
    pub state: ObligationState,
    /// The day it was performed.
    pub fulfilled_on: Option<NaiveDate>,
    /// What proves it.
    pub proof: Option<String>,
    /// Why it was not performed.
    pub default_reason: Option<String>,
    /// Codes of the ways that remained then: enforcement, suit, payment order.
    pub default_ways: Vec<String>,
}

impl From<Obligation> for ObligationView {
    fn from(obligation: Obligation) -> Self {
        Self {
            id: obligation.id,
            version: obligation.version,
            agreement_id: obligation.agreement_id,
            case_id: obligation.case_id,
            debtor: obligation.debtor,
            act: obligation.act,
            way: obligation.way,
            due_on: obligation.due_on,
            amount_fen: obligation.amount_fen,
            state: obligation.state,
            fulfilled_on: obligation.fulfilled_on,
            proof: obligation.proof,
            default_reason: obligation.default_reason,
            default_ways: obligation.default_ways,
        }
    }
}
