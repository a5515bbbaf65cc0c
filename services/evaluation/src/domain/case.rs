//! A case, from its registration until it is closed.

use chrono::{DateTime, Utc};
use contracts::{
    events::{evaluation::CaseClosed, triage::RiskColour},
    ids::{CaseId, PartyId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use policy::sections::evaluation::Closing;

use super::refusal::Refusal;

text_enum! {
    /// State of a case in evaluation.
    pub enum CaseState {
        /// 办理中: the work on it has not ended.
        Open => "open",
        /// 待回访.
        FollowUp => "follow_up",
        /// 办结.
        Closed => "closed",
        /// 已并案: followed up and closed with the case it goes on in.
        Merged => "merged",
    }
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = crate::schema::cases, treat_none_as_null = true)]
pub struct Case {
    /// The case.
    pub id: CaseId,
    /// Raised with every change.
    pub version: i64,
    /// Where it happened.
    pub region: RegionCode,
    /// Where it stands here.
    pub state: CaseState,
    /// Dispute type code: the one named at registration until triage decides one.
    pub type_code: Option<String>,
    /// Risk colour, once triage has decided one.
    pub colour: Option<RiskColour>,
    /// The parties.
    pub party_ids: Vec<PartyId>,
    /// When the work on it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// What the person was told at the end.
    pub feedback: Option<String>,
    /// How, a code of the policy pack's ways of contact.
    pub feedback_way: Option<String>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl StateMachine for Case {
    type State = CaseState;
    const NAME: (&'static str, &'static str) = ("evaluated case", "评价中的案件");
    const TRANSITIONS: &'static [Transition<CaseState>] = &[
        Transition {
            number: 1,
            command: "register_matter",
            action: "登记",
            from: &[],
            to: CaseState::Open,
        },
        Transition {
            number: 27,
            command: "schedule_follow_up",
            action: "待回访",
            from: &[CaseState::Open],
            to: CaseState::FollowUp,
        },
        Transition {
            number: 28,
            command: "close_case",
            action: "办结",
            from: &[CaseState::FollowUp],
            to: CaseState::Closed,
        },
        Transition {
            number: 29,
            command: "reopen_case",
            action: "重启",
            from: &[CaseState::Closed],
            to: CaseState::Open,
        },
        Transition {
            number: 0,
            command: "rework_order",
            action: "返工",
            from: &[CaseState::FollowUp],
            to: CaseState::Open,
        },
        Transition {
            number: 32,
            command: "merge_case",
            action: "并案",
            from: &[CaseState::Open],
            to: CaseState::Merged,
        },
    ];
}

/// What is asked for when a case is closed.
#[derive(Debug, Clone)]
pub struct CloseCommand {
    /// What the person was told.
    pub feedback: Option<String>,
    /// How, a code of the policy pack.
    pub feedback_way: Option<String>,
    /// Whether the person was asked for a rating, or has given one.
    pub rating_asked: bool,
    /// Whether the first visit of the plan is done.
    pub first_visit_done: bool,
}

impl Case {
    /// A case nothing is known of but its region.
    #[must_use]
    pub fn new(id: CaseId, region: RegionCode, now: DateTime<Utc>) -> Self {
        Self {
            id,
            version: 1,
            region,
            state: CaseState::Open,
            type_code: None,
            colour: None,
            party_ids: Vec::new(),
            ended_at: None,
            feedback: None,
            feedback_way: None,
            closed_at: None,
            updated_at: now,
        }
    }

    /// The work on it ended (transition 27). `None` when it had ended before: a case is followed up once.
    #[must_use]
    pub fn end(mut self, ended_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Self> {
        let next = Self::transition(Some(self.state), "schedule_follow_up")?;
        self.state = next.to;
        self.ended_at = Some(ended_at);
        self.version += 1;
        self.updated_at = now;
        Some(self)
    }

    /// It is closed with feedback to the person (transition 28; EV-01), as the policy pack asks.
    ///
    /// # Errors
    /// The rule that is broken.
    pub fn close(
        mut self,
        command: CloseCommand,
        rules: &Closing,
        now: DateTime<Utc>,
    ) -> Result<(Self, CaseClosed), Refusal> {
        let next = Self::transition(Some(self.state), "close_case").ok_or(match self.state {
            CaseState::Open => Refusal::NotEnded,
            CaseState::FollowUp | CaseState::Closed | CaseState::Merged => {
                Refusal::NotAllowed(self.state.as_str())
            }
        })?;
        if rules.feedback_required && command.feedback.is_none() {
            return Err(Refusal::FeedbackMissing);
        }
        if rules.first_visit_required && !command.first_visit_done {
            return Err(Refusal::FollowUpOutstanding);
        }
        if rules.rating_asked_required && !command.rating_asked {
            return Err(Refusal::RatingNotAsked);
        }
        self.state = next.to;
        self.feedback = command.feedback;
        self.feedback_way = command.feedback_way;
        self.closed_at = Some(now);
        self.version += 1;
        self.updated_at = now;
        let event = CaseClosed {
            case_id: self.id,
            region: self.region,
            closed_at: now,
        };
        Ok((self, event))
    }

    /// It was opened again after it was closed (transition 29): the work on it goes on. Visits and ratings stay; the person is told
    /// of the new end. `None` when it is not closed.
    #[must_use]
    pub fn reopen(mut self, now: DateTime<Utc>) -> Option<Self> {
        let next = Self::transition(Some(self.state), "reopen_case")?;
        self.state = next.to;
        self.ended_at = None;
        self.feedback = None;
        self.feedback_way = None;
        self.closed_at = None;
        self.version += 1;
        self.updated_at = now;
        Some(self)
    }

    /// What was reported as finished was not accepted: the work on it goes on, and its first visit stays as planned. `None` when it
    /// does not wait for its follow-up.
    #[must_use]
    pub fn rework(mut self, now: DateTime<Utc>) -> Option<Self> {
        let next = Self::transition(Some(self.state), "rework_order")?;
        self.state = next.to;
        self.ended_at = None;
        self.version += 1;
        self.updated_at = now;
        Some(self)
    }

    /// It goes on in another case (transition 32). `None` when the work on it had ended before.
    #[must_use]
    pub fn merge(mut self, now: DateTime<Utc>) -> Option<Self> {
        let next = Self::transition(Some(self.state), "merge_case")?;
        self.state = next.to;
        self.version += 1;
        self.updated_at = now;
        Some(self)
    }

    /// Whether it may be visited and rated: the work on it has ended.
    ///
    /// # Errors
    /// [`Refusal::NotEnded`].
    pub fn check_ended(&self) -> Result<(), Refusal> {
        match self.state {
            CaseState::Open | CaseState::Merged => Err(Refusal::NotEnded),
            CaseState::FollowUp | CaseState::Closed => Ok(()),
        }
    }
}
