//! Urging 催办 and supervising 督办 (transition 31; TR-12).

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::{
        DispatchUrged, SupervisionClosed, SupervisionFault, SupervisionIssued, SupervisionReplied,
    },
    ids::{CaseId, OrganisationId, SupervisionId, UrgeId},
    lifecycle::{StateMachine, Transition},
    problems::triage as problems,
    region::RegionCode,
    text_enum,
};
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use policy::PolicyPack;
use uuid::Uuid;

use super::{Refusal, TriageCase, refusal::text};
use crate::{
    clocks,
    schema::{supervisions, urges},
};

text_enum! {
    /// State of a supervision order.
    pub enum SupervisionState {
        /// 待回复.
        Issued => "issued",
        /// 已回复: waits for the supervisor.
        Replied => "replied",
        /// 已办结.
        Closed => "closed",
    }
}

/// An urging.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = urges)]
pub struct Urge {
    /// The urging.
    pub id: UrgeId,
    /// The case.
    pub case_id: CaseId,
    /// Who is urged; none = the centre itself.
    pub organisation_id: Option<OrganisationId>,
    /// The clock that ran out.
    pub clock: Option<String>,
    /// What it ran for.
    pub object_id: Option<Uuid>,
    /// What the person who urges says.
    pub note: Option<String>,
    /// Subject of who urges; none when a clock ran out.
    pub urged_by: Option<String>,
    /// When.
    pub urged_at: DateTime<Utc>,
}

/// A supervision order.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = supervisions)]
pub struct Supervision {
    /// The supervision order.
    pub id: SupervisionId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who is supervised; none = the centre itself.
    pub organisation_id: Option<OrganisationId>,
    /// Its state.
    pub state: SupervisionState,
    /// What is found fault with.
    pub fault: SupervisionFault,
    /// 挂牌督办.
    pub listed: bool,
    /// Whether the short time to reply runs.
    pub urgent: bool,
    /// The clock that ran out.
    pub clock: Option<String>,
    /// What it ran for.
    pub object_id: Option<Uuid>,
    /// What is demanded.
    pub demand: Option<String>,
    /// Subject of who supervises; none when a clock ran out.
    pub issued_by: Option<String>,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// When the reply is due.
    pub reply_due_at: DateTime<Utc>,
    /// The reply.
    pub reply: Option<String>,
    /// Subject of who replied.
    pub replied_by: Option<String>,
    /// When.
    pub replied_at: Option<DateTime<Utc>>,
    /// What the supervisor found.
    pub verdict: Option<String>,
    /// Whether the fault is put right.
    pub rectified: Option<bool>,
    /// Subject of who closed it.
    pub closed_by: Option<String>,
    /// When.
    pub closed_at: Option<DateTime<Utc>>,
    /// Raised by every change.
    pub version: i64,
}

impl StateMachine for Supervision {
    type State = SupervisionState;
    const NAME: (&'static str, &'static str) = ("Supervision order", "督办单");
    const TRANSITIONS: &'static [Transition<SupervisionState>] = &[
        Transition {
            number: 31,
            command: "supervise_case",
            action: "督办",
            from: &[],
            to: SupervisionState::Issued,
        },
        Transition {
            number: 31,
            command: "reply_supervision",
            action: "回复督办",
            from: &[SupervisionState::Issued],
            to: SupervisionState::Replied,
        },
        Transition {
            number: 31,
            command: "close_supervision",
            action: "督办办结",
            from: &[SupervisionState::Replied],
            to: SupervisionState::Closed,
        },
    ];
}

/// A clock that ran out: why something is done without a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RanOut {
    /// Kind of the clock.
    pub clock: String,
    /// What it ran for.
    pub object_id: Uuid,
}

/// What a supervisor asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// What is found fault with.
    pub fault: SupervisionFault,
    /// 挂牌督办.
    pub listed: bool,
    /// Whether the short time to reply runs.
    pub urgent: bool,
    /// What is demanded.
    pub demand: String,
}

impl Urge {
    /// A person urges whoever handles the case.
    ///
    /// # Errors
    /// Nothing said, or too much.
    pub fn by_person(
        id: UrgeId,
        case: &TriageCase,
        note: &str,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let note = text(note, "/note", policy)?;
        Ok(Self {
            note: Some(note),
            urged_by: Some(by.to_owned()),
            ..Self::of(id, case, case.organisation_id, None, now)
        })
    }

    /// A clock ran out whose breach reminds.
    #[must_use]
    pub fn by_clock(
        id: UrgeId,
        case: &TriageCase,
        whom: Option<OrganisationId>,
        ran_out: RanOut,
        now: DateTime<Utc>,
    ) -> Self {
        Self::of(id, case, whom, Some(ran_out), now)
    }

    fn of(
        id: UrgeId,
        case: &TriageCase,
        organisation_id: Option<OrganisationId>,
        ran_out: Option<RanOut>,
        urged_at: DateTime<Utc>,
    ) -> Self {
        let (clock, object_id) = ran_out.map(|out| (out.clock, out.object_id)).unzip();
        Self {
            id,
            case_id: case.case_id,
            organisation_id,
            clock,
            object_id,
            note: None,
            urged_by: None,
            urged_at,
        }
    }

    /// The fact.
    #[must_use]
    pub fn event(&self, region: RegionCode) -> DispatchUrged {
        DispatchUrged {
            urge_id: self.id,
            case_id: self.case_id,
            region,
            organisation_id: self.organisation_id,
            clock: self.clock.clone(),
            urged_at: self.urged_at,
        }
    }
}

impl Supervision {
    /// A person supervises whoever handles the case.
    ///
    /// # Errors
    /// Nothing demanded, or in too many words.
    pub fn by_person(
        id: SupervisionId,
        case: &TriageCase,
        demand: &Demand,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, SupervisionIssued), Refusal> {
        let words = text(&demand.demand, "/demand", policy)?;
        let issued = Self::issued(id, case, demand, case.organisation_id, policy, now)?;
        Ok(Self {
            demand: Some(words),
            issued_by: Some(by.to_owned()),
            ..issued
        }
        .with_event())
    }

    /// A clock ran out whose breach supervises: what had to be handled was not.
    ///
    /// # Errors
    /// The policy pack lacks a clock.
    pub fn by_clock(
        id: SupervisionId,
        case: &TriageCase,
        whom: Option<OrganisationId>,
        ran_out: RanOut,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, SupervisionIssued), Refusal> {
        let demand = Demand {
            fault: SupervisionFault::ShouldHandle,
            listed: false,
            urgent: false,
            demand: String::new(),
        };
        let issued = Self::issued(id, case, &demand, whom, policy, now)?;
        Ok(Self {
            clock: Some(ran_out.clock),
            object_id: Some(ran_out.object_id),
            ..issued
        }
        .with_event())
    }

    fn issued(
        id: SupervisionId,
        case: &TriageCase,
        demand: &Demand,
        organisation_id: Option<OrganisationId>,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let due = policy.due(Self::reply_clock(demand.urgent), None, now)?;
        Ok(Self {
            id,
            case_id: case.case_id,
            region: case.region,
            organisation_id,
            state: SupervisionState::Issued,
            fault: demand.fault,
            listed: demand.listed,
            urgent: demand.urgent,
            clock: None,
            object_id: None,
            demand: None,
            issued_by: None,
            issued_at: now,
            reply_due_at: due.at,
            reply: None,
            replied_by: None,
            replied_at: None,
            verdict: None,
            rectified: None,
            closed_by: None,
            closed_at: None,
            version: 1,
        })
    }

    fn with_event(self) -> (Self, SupervisionIssued) {
        let event = SupervisionIssued {
            supervision_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            fault: self.fault,
            listed: self.listed,
            urgent: self.urgent,
            clock: self.clock.clone(),
            reply_due_at: self.reply_due_at,
            issued_at: self.issued_at,
        };
        (self, event)
    }

    /// The clock of the reply.
    #[must_use]
    pub fn reply_clock(urgent: bool) -> &'static str {
        if urgent {
            clocks::SUPERVISION_REPLY_URGENT
        } else {
            clocks::SUPERVISION_REPLY
        }
    }

    /// Whoever is supervised replies. `own`: the caller's organisation.
    ///
    /// # Errors
    /// Somebody else than the supervised, a reply given before, nothing said.
    pub fn reply(
        &self,
        reply: &str,
        own: Option<OrganisationId>,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, SupervisionReplied), Refusal> {
        let state =
            super::step::<Self>(self.state, "reply_supervision", SupervisionState::Replied)?;
        if self.organisation_id != own {
            return Err(Refusal::Code(&problems::NOT_SUPERVISED));
        }
        let replied = Self {
            state,
            reply: Some(text(reply, "/reply", policy)?),
            replied_by: Some(by.to_owned()),
            replied_at: Some(now),
            version: self.version + 1,
            ..self.clone()
        };
        let event = SupervisionReplied {
            supervision_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            on_time: now <= self.reply_due_at,
            replied_at: now,
        };
        Ok((replied, event))
    }

    /// The supervisor closes it.
    ///
    /// # Errors
    /// No reply yet, closed before, no verdict in words.
    pub fn close(
        &self,
        verdict: &str,
        rectified: bool,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, SupervisionClosed), Refusal> {
        let state = super::step::<Self>(self.state, "close_supervision", SupervisionState::Closed)?;
        let closed = Self {
            state,
            verdict: Some(text(verdict, "/verdict", policy)?),
            rectified: Some(rectified),
            closed_by: Some(by.to_owned()),
            closed_at: Some(now),
            version: self.version + 1,
            ..self.clone()
        };
        let event = SupervisionClosed {
            supervision_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            fault: self.fault,
            rectified,
            closed_at: now,
        };
        Ok((closed, event))
    }
}
