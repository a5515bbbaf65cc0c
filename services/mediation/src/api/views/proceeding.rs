//! Proceedings and sessions.

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::Track,
    ids::{
        AgreementId, CaseId, DispatchOrderId, MediatorId, OrganisationId, ParticipantId, PartyId,
        ProceedingId, SessionId,
    },
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    choice::MediatorChoice,
    ending::Ending,
    extension::GrantedExtension,
    other_way::Transfer,
    participant::Participant,
    pause::Pause,
    proceeding::{Proceeding, ProceedingParty, ProceedingState},
    replacement::Replacement,
    session::{RecordSignature, Session},
    start::Disclosure,
};

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
    /// Track, whose target runs while it is mediated; none for orders of earlier releases.
    pub track: Option<Track>,
    /// The procedure of the court that entrusted mediation, where the time limit depends on it.
    pub procedure: Option<String>,
    /// How the mediators are chosen.
    pub choice: MediatorChoice,
    /// Mediators who took over, the earliest first.
    pub replacements: Vec<Replacement>,
    /// Who was invited to help.
    pub participants: Vec<Participant>,
    /// Suspensions, the earliest first.
    pub pauses: Vec<Pause>,
    /// Longer times that were agreed on.
    pub extensions: Vec<GrantedExtension>,
    /// The other way that was taken.
    pub transfer: Option<Transfer>,
}

impl From<Proceeding> for ProceedingView {
    fn from(proceeding: Proceeding) -> Self {
        let course = proceeding.course.0;
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
            track: course.track,
            procedure: course.procedure,
            choice: course.choice,
            replacements: course.replacements,
            participants: course.participants,
            pauses: course.pauses,
            extensions: course.extensions,
            transfer: course.transfer,
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
    /// Link of the room, when it was held online.
    pub online_link: Option<String>,
    /// The invited participants who were there.
    pub participant_ids: Vec<ParticipantId>,
    /// Who signed the record.
    pub signatures: Vec<RecordSignature>,
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
            online_link: session.online_link,
            participant_ids: session.participant_ids,
            signatures: session.signatures.0,
        }
    }
}
