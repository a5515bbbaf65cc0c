//! A session 调解场次 and its record (人民调解法 27).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::SessionHeld,
    ids::{PartyId, ProceedingId, SessionId},
    problems::{common, mediation as codes},
};
use diesel::prelude::*;
use policy::{PolicyPack, clock::due::beijing_date};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    proceeding::{Proceeding, ProceedingState},
    step,
};
use crate::schema::sessions;

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
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
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
        if rules.session_place(&place).is_none() {
            let places = rules.session_places.iter().map(|place| place.code.as_str());
            return Err(Refusal::unknown_code("/place", places));
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
            created_at: now,
        };
        self.sessions += 1;
        Ok((self.changed(now), session, vec![held.into()]))
    }
}
