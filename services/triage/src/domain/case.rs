//! A case on its way from the acceptance to the organisation that handles it.

use chrono::{DateTime, Utc};
use contracts::{
    events::{
        intake::{MatterAccepted, MatterClass},
        triage::RiskColour,
    },
    ids::{CaseId, MatterId, OrganisationId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::{Insertable, Queryable, Selectable};

use super::Refusal;
use crate::schema::cases;

text_enum! {
    /// State of a case in triage.
    pub enum CaseState {
        /// 已受理: waits for a decision.
        Accepted => "accepted",
        /// 已分流: waits for its order.
        Triaged => "triaged",
        /// 已交办: waits for the receiver's signature.
        Dispatched => "dispatched",
        /// 已签收.
        Signed => "signed",
        /// 申请退回: waits for the sender's answer.
        ReturnAsked => "return_asked",
        /// 已并案: goes on in another case.
        Merged => "merged",
        /// 已办结: finished on a route without mediation.
        Completed => "completed",
    }
}

/// A case as triage knows it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = cases)]
pub struct TriageCase {
    /// The case.
    pub case_id: CaseId,
    /// The matter it was opened with.
    pub matter_id: MatterId,
    /// Where it happened.
    pub region: RegionCode,
    /// 受理编号.
    pub acceptance_number: String,
    /// Dispute, petition or complaint.
    pub class: MatterClass,
    /// People involved.
    pub persons_involved: i64,
    /// Amount in dispute, fen.
    pub amount_fen: Option<i64>,
    /// When it was accepted.
    pub accepted_at: DateTime<Utc>,
    /// When the decision is due.
    pub decide_due_at: DateTime<Utc>,
    /// The organisation of the order in force.
    pub organisation_id: Option<OrganisationId>,
    /// Its state.
    pub state: CaseState,
    /// How often an organisation disputed that it has to handle it.
    pub disputes: i64,
    /// An order came back, so that it may be decided anew.
    pub came_back: bool,
    /// When it was closed, unless it was opened again.
    pub closed_at: Option<DateTime<Utc>>,
    /// The risk colour it has now.
    pub colour: RiskColour,
    /// Raised by every change.
    pub version: i64,
    /// When triage learnt of it.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

/// States of a case that was decided.
const DECIDED: &[CaseState] = &[
    CaseState::Completed,
    CaseState::Triaged,
    CaseState::Dispatched,
    CaseState::Signed,
    CaseState::ReturnAsked,
];
/// States of a case that goes on by itself.
const NOT_MERGED: &[CaseState] = &[
    CaseState::Completed,
    CaseState::Accepted,
    CaseState::Triaged,
    CaseState::Dispatched,
    CaseState::Signed,
    CaseState::ReturnAsked,
];

impl StateMachine for TriageCase {
    type State = CaseState;
    const NAME: (&'static str, &'static str) = ("Case in triage", "案件分流");
    const TRANSITIONS: &'static [Transition<CaseState>] = &[
        Transition {
            number: 5,
            command: "accept_matter",
            action: "受理",
            from: &[],
            to: CaseState::Accepted,
        },
        Transition {
            number: 6,
            command: "decide_triage",
            action: "分流",
            from: &[CaseState::Accepted],
            to: CaseState::Triaged,
        },
        Transition {
            number: 6,
            command: "decide_triage",
            action: "重新分流",
            from: &[CaseState::Triaged],
            to: CaseState::Triaged,
        },
        Transition {
            number: 7,
            command: "dispatch_case",
            action: "交办",
            from: &[CaseState::Triaged],
            to: CaseState::Dispatched,
        },
        Transition {
            number: 8,
            command: "sign_order",
            action: "签收",
            from: &[CaseState::Dispatched],
            to: CaseState::Signed,
        },
        Transition {
            number: 9,
            command: "ask_return",
            action: "申请退回",
            from: &[CaseState::Dispatched, CaseState::Signed],
            to: CaseState::ReturnAsked,
        },
        Transition {
            number: 9,
            command: "approve_return",
            action: "同意退回",
            from: &[CaseState::ReturnAsked],
            to: CaseState::Triaged,
        },
        Transition {
            number: 9,
            command: "reject_return",
            action: "不同意退回",
            from: &[CaseState::ReturnAsked],
            to: CaseState::Dispatched,
        },
        Transition {
            number: 9,
            command: "reject_return",
            action: "不同意退回",
            from: &[CaseState::ReturnAsked],
            to: CaseState::Signed,
        },
        Transition {
            number: 9,
            command: "designate_case",
            action: "指定办理",
            from: &[CaseState::Triaged, CaseState::ReturnAsked],
            to: CaseState::Dispatched,
        },
        Transition {
            number: 0,
            command: "recall_order",
            action: "撤回",
            from: &[CaseState::Dispatched],
            to: CaseState::Triaged,
        },
        Transition {
            number: 17,
            command: "hand_over_case",
            action: "移交、上报",
            from: &[CaseState::Signed],
            to: CaseState::Signed,
        },
        Transition {
            number: 0,
            command: "give_feedback",
            action: "反馈",
            from: &[CaseState::Signed],
            to: CaseState::Signed,
        },
        Transition {
            number: 0,
            command: "give_feedback",
            action: "反馈办结",
            from: &[CaseState::Signed],
            to: CaseState::Completed,
        },
        Transition {
            number: 0,
            command: "give_feedback",
            action: "反馈不属于职权、未能化解",
            from: &[CaseState::Signed],
            to: CaseState::Triaged,
        },
        Transition {
            number: 0,
            command: "rework_order",
            action: "返工",
            from: &[CaseState::Completed],
            to: CaseState::Signed,
        },
        Transition {
            number: 29,
            command: "reopen_case",
            action: "重启",
            from: DECIDED,
            to: CaseState::Accepted,
        },
        Transition {
            number: 32,
            command: "merge_case",
            action: "并案",
            from: NOT_MERGED,
            to: CaseState::Merged,
        },
    ];
}

impl TriageCase {
    /// A case that was just accepted, with the colour that is proposed for it.
    #[must_use]
    pub fn accepted(
        event: &MatterAccepted,
        colour: RiskColour,
        decide_due_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            case_id: event.case_id,
            matter_id: event.matter_id,
            region: event.region,
            acceptance_number: event.acceptance_number.clone(),
            class: event.class,
            persons_involved: i64::from(event.persons_involved),
            amount_fen: event.amount_fen,
            accepted_at: event.accepted_at,
            decide_due_at,
            organisation_id: None,
            state: CaseState::Accepted,
            disputes: 0,
            came_back: false,
            closed_at: None,
            colour,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// The case after it was opened again (transition 29), with when its next decision is due; none when it was not decided yet.
    #[must_use]
    pub fn reopen(&self, decide_due_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Self> {
        let case = self.step("reopen_case", CaseState::Accepted, now).ok()?;
        Some(Self {
            decide_due_at,
            organisation_id: None,
            came_back: false,
            closed_at: None,
            ..case
        })
    }

    /// The case after it was merged into another one (transition 32); none when it was before.
    #[must_use]
    pub fn merge(&self, now: DateTime<Utc>) -> Option<Self> {
        let case = self.step("merge_case", CaseState::Merged, now).ok()?;
        Some(Self {
            organisation_id: None,
            ..case
        })
    }

    /// Whether it goes on by itself: what happens to a merged case happens in the other one.
    ///
    /// # Errors
    /// [`Refusal::Transition`].
    pub(super) fn check_goes_on(&self) -> Result<(), Refusal> {
        match self.state {
            CaseState::Merged => Err(Refusal::Transition {
                state: self.state.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// The case after `command` led it to `to`.
    pub(super) fn step(
        &self,
        command: &str,
        to: CaseState,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            state: super::step::<Self>(self.state, command, to)?,
            version: self.version + 1,
            updated_at: now,
            ..self.clone()
        })
    }
}
