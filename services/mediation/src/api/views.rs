//! What several operations answer.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::mediation::AgreementForm,
    ids::{
        AgreementId, CaseId, DispatchOrderId, MediatorId, ObligationId, OrganisationId, PartyId,
        ProceedingId, SessionId,
    },
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    agreement::{Agreement, AgreementState, Clause, Signature},
    ending::Ending,
    obligation::{Obligation, ObligationState},
    organisation::{Mediator, Organisation, Sex},
    proceeding::{Disclosure, Proceeding, ProceedingParty, ProceedingState},
    session::Session,
};

/// A mediation organisation as the public register shows it.
#[derive(Serialize, ToSchema)]
pub struct OrganisationView {
    /// The organisation.
    pub id: OrganisationId,
    /// Its version, as in the `ETag`.
    pub version: i64,
    /// Its region.
    pub region: RegionCode,
    /// Kind code.
    pub kind: String,
    /// Public name.
    pub name: String,
    /// Route codes it handles.
    pub routes: Vec<String>,
    /// Name of its director.
    pub director: String,
    /// How many members it has.
    pub members: usize,
    /// How many of them are women.
    pub women: usize,
    /// Last day of the members' term, where the kind has one.
    pub term_ends_on: Option<NaiveDate>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
}

impl From<Organisation> for OrganisationView {
    fn from(organisation: Organisation) -> Self {
        let women = organisation
            .members
            .iter()
            .filter(|member| member.sex == Sex::Female);
        Self {
            women: women.count(),
            members: organisation.members.len(),
            id: organisation.id,
            version: organisation.version,
            region: organisation.region,
            kind: organisation.kind,
            name: organisation.name,
            routes: organisation.routes,
            director: organisation.director,
            term_ends_on: organisation.term_ends_on,
            registered_at: organisation.created_at,
        }
    }
}

/// A mediator as the public register shows them.
#[derive(Serialize, ToSchema)]
pub struct MediatorView {
    /// The mediator.
    pub id: MediatorId,
    /// The organisation they mediate for.
    pub organisation_id: OrganisationId,
    /// Their version, as in the `ETag`.
    pub version: i64,
    /// Full name.
    pub name: String,
    /// Kind code: full-time or part-time.
    pub class: String,
    /// What qualifies them.
    pub qualifications: Vec<String>,
    /// When they were registered.
    pub registered_at: DateTime<Utc>,
}

impl From<Mediator> for MediatorView {
    fn from(mediator: Mediator) -> Self {
        Self {
            id: mediator.id,
            organisation_id: mediator.organisation_id,
            version: mediator.version,
            name: mediator.name,
            class: mediator.class,
            qualifications: mediator.qualifications,
            registered_at: mediator.created_at,
        }
    }
}

/// A proceeding.
#[derive(Serialize, ToSchema)]
pub struct ProceedingView {
    /// The proceeding.
    pub id: ProceedingId,
    /// Its version, as in the `ETag`.
    pub version: i64,
    /// The case.
    pub case_id: CaseId,
    /// The order it serves.
    pub order_id: DispatchOrderId,
    /// Where it happened.
    pub region: RegionCode,
    /// The mediation organisation.
    pub organisation_id: OrganisationId,
    /// Route code.
    pub route: String,
    /// Dispute type code.
    pub type_code: String,
    /// Its state.
    pub state: ProceedingState,
    /// The parties with their answers.
    pub parties: Vec<ProceedingParty>,
    /// The mediators; the first presides.
    pub mediator_ids: Vec<MediatorId>,
    /// Interests they disclosed.
    pub disclosures: Vec<Disclosure>,
    /// How many sessions were held.
    pub sessions_held: i32,
    /// Its agreement, from the first draft on.
    pub agreement_id: Option<AgreementId>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When mediation started.
    pub started_at: Option<DateTime<Utc>>,
    /// When the statutory time is over.
    pub due_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended, with the notice of other ways.
    pub ending: Option<Ending>,
}

impl From<Proceeding> for ProceedingView {
    fn from(proceeding: Proceeding) -> Self {
        Self {
            id: proceeding.id,
            version: proceeding.version,
            case_id: proceeding.case_id,
            order_id: proceeding.order_id,
            region: proceeding.region,
            organisation_id: proceeding.organisation_id,
            route: proceeding.route,
            type_code: proceeding.type_code,
            state: proceeding.state,
            parties: proceeding.parties.0,
            mediator_ids: proceeding.mediator_ids,
            disclosures: proceeding.disclosures.0,
            sessions_held: proceeding.sessions,
            agreement_id: proceeding.agreement_id,
            opened_at: proceeding.created_at,
            started_at: proceeding.started_at,
            due_at: proceeding.due_at,
            ended_at: proceeding.ended_at,
            ending: proceeding.ending.map(|ending| ending.0),
        }
    }
}

/// A session.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// The session.
    pub id: SessionId,
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// Place code.
    pub place: String,
    /// When it was held.
    pub held_at: DateTime<Utc>,
    /// The parties who were there.
    pub attendance: Vec<PartyId>,
    /// The record, for the organisation that mediates; nobody else reads it (人民调解法 15).
    pub record: Option<String>,
}

impl SessionView {
    /// A session, with its record for those who may read it.
    pub fn of(session: Session, with_record: bool) -> Self {
        Self {
            id: session.id,
            proceeding_id: session.proceeding_id,
            place: session.place,
            held_at: session.held_at,
            attendance: session.attendance,
            record: with_record.then_some(session.record),
        }
    }
}

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
        }
    }
}
