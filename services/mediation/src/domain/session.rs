//! A session 调解场次 and its record (人民调解法 27).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{SessionHeld, SignatureForm, SignerKind},
    ids::{ParticipantId, PartyId, ProceedingId, SessionId},
    problems::{common, mediation as codes},
};
use diesel::prelude::*;
use policy::{PolicyPack, clock::due::beijing_date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    proceeding::{Proceeding, ProceedingState},
    step,
};
use crate::{json::Json, schema::sessions};

/// A session that was held.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// Place code of the policy pack.
    pub place: String,
    /// When it was held.
    pub held_at: DateTime<Utc>,
    /// The parties who were there.
    pub attendance: Vec<PartyId>,
    /// The record. Not to be used against a party later (人民法院在线调解规则 18).
    pub record: String,
    /// Link of the room, when it was held online.
    pub online_link: Option<String>,
    /// The invited participants who were there.
    pub participant_ids: Vec<ParticipantId>,
    /// Who signed the record.
    pub signatures: Json<Vec<RecordSignature>>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

/// A signature under the record of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordSignature {
    /// Party or mediator.
    pub signer: SignerKind,
    /// The party, when it is one.
    pub party_id: Option<PartyId>,
    /// How.
    pub form: SignatureForm,
    /// When.
    pub signed_at: DateTime<Utc>,
}

/// Who signs the record of a session.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignRecord {
    /// The session.
    pub session_id: SessionId,
    /// Party or mediator.
    pub signer: SignerKind,
    /// The party, when it is one; an applicant may leave it out.
    pub party_id: Option<PartyId>,
    /// How.
    pub form: SignatureForm,
}

impl Session {
    /// Adds a signature of somebody who was there, or of the mediator (人民调解法 27).
    ///
    /// # Errors
    /// `unknown-party` for somebody who was not there, `signature-already-given`, `invalid-body`.
    pub fn sign(
        mut self,
        request: &SignRecord,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let SignRecord {
            signer,
            party_id,
            form,
            ..
        } = *request;
        let there = match (signer, party_id) {
            (SignerKind::Party, Some(id)) => self.attendance.contains(&id),
            (SignerKind::Mediator, None) => true,
            _ => false,
        };
        if !there {
            return Err(Refusal::new(&codes::UNKNOWN_PARTY).at("/party_id"));
        }
        if !policy.mediation().agreement.signature_forms.contains(&form) {
            return Err(Refusal::new(&common::INVALID_BODY).at("/form"));
        }
        let given = |signature: &RecordSignature| {
            signature.signer == signer && signature.party_id == party_id
        };
        if self.signatures.iter().any(given) {
            return Err(Refusal::new(&codes::SIGNATURE_ALREADY_GIVEN).at("/signer"));
        }
        self.signatures.push(RecordSignature {
            signer,
            party_id,
            form,
            signed_at: now,
        });
        Ok(self)
    }
}

/// What is recorded of a session.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordSession {
    /// When it was held: not before the day mediation started, not in the future.
    pub held_at: DateTime<Utc>,
    /// Place code of the policy pack: on site, online, hall.
    pub place: String,
    /// The parties who were there.
    pub attendance: Vec<PartyId>,
    /// The record.
    pub record: String,
    /// Link of the room; needed where the place asks for one.
    pub online_link: Option<String>,
    /// The invited participants who were there.
    #[serde(default)]
    pub participant_ids: Vec<ParticipantId>,
}

impl Proceeding {
    /// Records a session.
    ///
    /// # Errors
    /// `transition-not-allowed`, `invalid-date`, `invalid-body`, `unknown-party`, `text-required`, `text-too-long`.
    pub fn hold_session(
        mut self,
        request: RecordSession,
        policy: &PolicyPack,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<(Self, Session, Vec<Fact>), Refusal> {
        self.state = step::<Self>(
            Some(self.state),
            "record_session",
            ProceedingState::Mediating,
        )?;
        let RecordSession {
            held_at,
            place,
            attendance,
            record,
            online_link,
            participant_ids,
        } = request;
        let too_early = self
            .started_at
            .is_some_and(|started| beijing_date(held_at) < beijing_date(started));
        if held_at > now || too_early {
            return Err(Refusal::new(&common::INVALID_DATE).at("/held_at").detail(
                "应在调解开始之日以后,且不得晚于当前时间",
                "It must be on or after the day mediation started and not in the future",
            ));
        }
        let rules = policy.mediation();
        let known = rules.session_place(&place).ok_or_else(|| {
            let places = rules.session_places.iter().map(|place| place.code.as_str());
            Refusal::unknown_code("/place", places)
        })?;
        if known.link_required || online_link.is_some() {
            let link = online_link.as_deref().unwrap_or_default();
            Refusal::check_text(link, policy.limits().reference_max, "/online_link")?;
        }
        let invited = |id: &ParticipantId| {
            let mut participants = self.course.participants.iter();
            participants.any(|participant| participant.id == *id)
        };
        if let Some(i) = participant_ids.iter().position(|id| !invited(id)) {
            let refusal = Refusal::new(&common::INVALID_BODY).at(format!("/participant_ids/{i}"));
            return Err(refusal.detail("未经邀请的人员", "This person was not invited"));
        }
        if attendance.is_empty() {
            let refusal = Refusal::new(&common::INVALID_BODY).at("/attendance");
            return Err(refusal.detail(
                "至少须有一名当事人到场",
                "At least one party must have been there",
            ));
        }
        let parties = self.party_ids();
        let stranger = attendance.iter().enumerate().position(|(i, id)| {
            !parties.contains(id) || attendance.iter().take(i).any(|earlier| earlier == id)
        });
        if let Some(i) = stranger {
            return Err(Refusal::new(&codes::UNKNOWN_PARTY).at(format!("/attendance/{i}")));
        }
        Refusal::check_text(&record, policy.limits().record_max, "/record")?;
        let (proceeding_id, case_id) = (self.id, self.case_id);
        let held = SessionHeld {
            session_id: id,
            proceeding_id,
            case_id,
            place: place.clone(),
            held_at,
        };
        let session = Session {
            id,
            proceeding_id,
            place,
            held_at,
            attendance,
            record,
            online_link,
            participant_ids,
            signatures: Json(Vec::new()),
            created_at: now,
        };
        self.sessions += 1;
        Ok((self.changed(now), session, vec![held.into()]))
    }
}
