//! A request between two nodes 层级间文书 and its life on either side. The receiver decides: its signature
//! stands against a recall that was on its way, so that both sides come to the same end whatever is overtaken.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    border::HandsOver,
    ids::{CaseId, RequestId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};

use super::{Note, Refusal, Step};
use crate::schema::requests;

text_enum! {
    /// State of a request.
    pub enum RequestState {
        /// 已发出.
        Sent => "sent",
        /// 已送达.
        Delivered => "delivered",
        /// 已签收.
        Signed => "signed",
        /// 已办结.
        Done => "done",
        /// 已退回.
        Refused => "refused",
        /// 已撤回.
        Recalled => "recalled",
    }
}

/// A request, as one of its two nodes keeps it.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
pub struct Request {
    /// The request; the same at both nodes.
    pub id: RequestId,
    /// This node.
    pub node: RegionCode,
    /// Whether this node sent it.
    pub outgoing: bool,
    /// Kind code of the policy pack.
    pub kind: String,
    /// The case.
    pub case_id: Option<CaseId>,
    /// The sending node.
    pub from_node: RegionCode,
    /// The receiving node.
    pub to_node: RegionCode,
    /// What its signature does to the case.
    pub hands_over: HandsOver,
    /// Why.
    pub reason: Option<String>,
    /// The values of its kind.
    pub details: serde_json::Value,
    /// Last day for it.
    pub due_on: Option<NaiveDate>,
    /// The figures it carries, by field.
    pub figures: Option<serde_json::Value>,
    /// The dossier, sealed to the receiver.
    pub sealed: Option<String>,
    /// Its state, as far as this node knows.
    pub state: RequestState,
    /// When it was sent, by the sender's clock.
    pub sent_at: DateTime<Utc>,
    /// When it arrived, by the receiver's clock.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was signed for.
    pub signed_at: Option<DateTime<Utc>>,
    /// When it was done, refused or recalled.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who of this node sent it or signed for it.
    pub handled_by: Option<String>,
    /// When the sender asked for it back.
    pub recall_asked_at: Option<DateTime<Utc>>,
    /// How often rework was asked for.
    pub reworks: i32,
    /// The number of the hand-over of its case that its signature makes; 0 when it makes none.
    pub handover: i32,
    /// Steps this node has taken.
    pub own_steps: i32,
    /// Steps of the other node applied here.
    pub other_steps: i32,
    /// When the signature is due; counted from the delivery at the receiver, from the sending at the sender.
    pub sign_due_at: Option<DateTime<Utc>>,
    /// When the end is due.
    pub done_due_at: Option<DateTime<Utc>>,
    /// Until when it may be refused.
    pub return_until: Option<DateTime<Utc>>,
    /// When it is sent again unless acknowledged.
    pub resend_at: Option<DateTime<Utc>>,
    /// When the sender urges of its own accord.
    pub urge_at: Option<DateTime<Utc>>,
    /// Raised by every change.
    pub version: i64,
    /// When this node made its row.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

/// A line of the table that stays in its state.
const fn stays(
    command: &'static str,
    action: &'static str,
    state: &'static [RequestState],
    to: RequestState,
) -> Transition<RequestState> {
    Transition {
        number: 0,
        command,
        action,
        from: state,
        to,
    }
}

impl StateMachine for Request {
    type State = RequestState;
    const NAME: (&'static str, &'static str) = ("Request between nodes", "层级间文书");
    const TRANSITIONS: &'static [Transition<RequestState>] = &[
        Transition {
            number: 0,
            command: "send_request",
            action: "发出",
            from: &[],
            to: RequestState::Sent,
        },
        Transition {
            number: 0,
            command: "deliver_request",
            action: "送达",
            from: &[RequestState::Sent],
            to: RequestState::Delivered,
        },
        Transition {
            number: 0,
            command: "sign_request",
            action: "签收",
            from: &[RequestState::Delivered],
            to: RequestState::Signed,
        },
        Transition {
            number: 0,
            command: "refuse_request",
            action: "退回",
            from: &[RequestState::Delivered],
            to: RequestState::Refused,
        },
        Transition {
            number: 0,
            command: "recall_request",
            action: "撤回",
            from: &[RequestState::Sent, RequestState::Delivered],
            to: RequestState::Recalled,
        },
        Transition {
            number: 0,
            command: "finish_request",
            action: "办结",
            from: &[RequestState::Delivered, RequestState::Signed],
            to: RequestState::Done,
        },
        Transition {
            number: 0,
            command: "rework_request",
            action: "返工",
            from: &[RequestState::Done],
            to: RequestState::Signed,
        },
        stays(
            "feed_back_request",
            "阶段反馈",
            &[RequestState::Signed],
            RequestState::Signed,
        ),
        stays(
            "urge_request",
            "催办",
            &[RequestState::Sent],
            RequestState::Sent,
        ),
        stays(
            "urge_request",
            "催办",
            &[RequestState::Delivered],
            RequestState::Delivered,
        ),
        stays(
            "urge_request",
            "催办",
            &[RequestState::Signed],
            RequestState::Signed,
        ),
    ];
}

/// The command of the table that a step carries out.
fn command(step: Step) -> &'static str {
    match step {
        Step::Sent => "send_request",
        Step::Delivered => "deliver_request",
        Step::Signed => "sign_request",
        Step::FedBack => "feed_back_request",
        Step::Done => "finish_request",
        Step::Refused => "refuse_request",
        Step::Recalled => "recall_request",
        Step::Rework => "rework_request",
        Step::Urged => "urge_request",
    }
}

impl Request {
    /// The other node.
    #[must_use]
    pub fn other_node(&self) -> RegionCode {
        if self.outgoing {
            self.to_node
        } else {
            self.from_node
        }
    }

    /// How long it was on its way, the difference of two clocks: never below zero.
    #[must_use]
    pub fn network_delay(&self) -> Option<chrono::Duration> {
        let delay = self.delivered_at? - self.sent_at;
        Some(delay.max(chrono::Duration::zero()))
    }

    /// Applies the next step of the other node. What came too late to matter is noted and changes nothing.
    ///
    /// Gives the receiver's answer to a recall.
    ///
    /// # Errors
    /// [`Refusal::Message`]: not a step of that side.
    pub fn apply(&mut self, note: &Note, now: DateTime<Utc>) -> Result<Option<Note>, Refusal> {
        let theirs = if self.outgoing {
            note.step.of_receiver()
        } else {
            note.step.of_sender() && note.step != Step::Sent
        };
        if !theirs || note.by_node != self.other_node() {
            return Err(Refusal::Message("not a step of that side"));
        }
        self.other_steps = note.number;
        let asked_back = !self.outgoing && note.step == Step::Recalled;
        if Self::transition(Some(self.state), command(note.step)).is_none() {
            self.touch(now);
            return Ok(None);
        }
        if asked_back {
            self.recall_asked_at = Some(note.taken_at);
            return self.take(Step::Recalled, None, now).map(Some);
        }
        self.enter(note.step, note.taken_at, now)?;
        Ok(None)
    }

    /// Whether this side may take a step in this state.
    pub(super) fn check(&self, step: Step, sender: bool) -> Result<(), Refusal> {
        if self.outgoing != sender {
            return Err(Refusal::OtherSide);
        }
        match Self::transition(Some(self.state), command(step)) {
            Some(_) => Ok(()),
            None => Err(self.wrong_state()),
        }
    }

    pub(super) fn wrong_state(&self) -> Refusal {
        Refusal::Transition {
            state: self.state.as_str(),
        }
    }

    /// Takes a step of this node.
    pub(super) fn take(
        &mut self,
        step: Step,
        text: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<Note, Refusal> {
        self.enter(step, now, now)?;
        Ok(self.note(step, text, now))
    }

    /// Numbers a step of this node.
    pub(super) fn note(&mut self, step: Step, text: Option<String>, now: DateTime<Utc>) -> Note {
        self.own_steps += 1;
        self.touch(now);
        Note {
            request_id: self.id,
            by_node: self.node,
            number: self.own_steps,
            step,
            body: text,
            taken_at: now,
            noted_at: now,
            applied: true,
            sealed: None,
        }
    }

    fn enter(&mut self, step: Step, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
        let transition = Self::transition(Some(self.state), command(step));
        self.state = transition.ok_or_else(|| self.wrong_state())?.to;
        match step {
            Step::Delivered => {
                self.delivered_at = Some(at);
                self.resend_at = None;
                self.sealed = self.sealed.take().filter(|_| !self.outgoing);
            }
            Step::Signed => {
                self.signed_at = Some(at);
                self.sealed = None;
                self.urge_at = self.done_due_at.filter(|_| self.outgoing);
            }
            Step::Done | Step::Refused | Step::Recalled => {
                self.ended_at = Some(at);
                self.sealed = None;
                (self.resend_at, self.urge_at) = (None, None);
            }
            Step::Rework => {
                self.reworks += 1;
                self.ended_at = None;
            }
            Step::Sent | Step::FedBack | Step::Urged => {}
        }
        self.touch(now);
        Ok(())
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.updated_at = now;
    }
}
