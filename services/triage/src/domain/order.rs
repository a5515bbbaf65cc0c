//! A dispatch order 流转单: who gets a decided case, until when (transitions 7, 8; designation: 9).

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use contracts::{
    events::triage::{DispatchIssued, DispatchMode, DispatchSigned, Track},
    ids::{CaseId, DispatchOrderId, OrganisationId, ProceedingId},
    lifecycle::{StateMachine, Transition},
    problems::triage as problems,
    region::RegionCode,
    text_enum,
};
use diesel::{Insertable, Queryable, Selectable};
use policy::{Due, PolicyPack};

use super::{CaseState, Decision, Organisation, Refusal, TriageCase};
use crate::{clocks, schema::orders};

text_enum! {
    /// State of an order.
    pub enum OrderState {
        /// 待签收.
        Issued => "issued",
        /// 待接收: hands the case over when it is signed for.
        Offered => "offered",
        /// 已签收.
        Signed => "signed",
        /// 申请退回: waits for the sender's answer.
        ReturnAsked => "return_asked",
        /// 已退回: void.
        Returned => "returned",
        /// 已撤回: void.
        Recalled => "recalled",
        /// 已移交: another order took its place.
        HandedOver => "handed_over",
        /// 已终结: its case was opened again or merged into another one.
        Done => "done",
        /// 已办结: finished on a route without mediation.
        Completed => "completed",
    }
}

impl OrderState {
    /// The states in which an order is in force: one of a case at a time is.
    pub const IN_FORCE: [Self; 3] = [Self::Issued, Self::Signed, Self::ReturnAsked];
    /// The states of an order that has not come to its end.
    pub const LIVE: [Self; 4] = [Self::Issued, Self::Offered, Self::Signed, Self::ReturnAsked];
    /// Those whose receiver sees the case: it works on it, or has done so until the case was opened again or merged.
    pub const SEES: [Self; 6] = [
        Self::Issued,
        Self::Offered,
        Self::Signed,
        Self::ReturnAsked,
        Self::Done,
        Self::Completed,
    ];
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = orders)]
pub struct Order {
    /// The order.
    pub id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The receiving organisation.
    pub organisation_id: OrganisationId,
    /// How it is handed over.
    pub mode: DispatchMode,
    /// Route code.
    pub route: String,
    /// Dispute type code.
    pub type_code: String,
    /// Track.
    pub track: Track,
    /// Last day for the work, in Beijing.
    pub due_on: NaiveDate,
    /// End of that day.
    pub due_at: DateTime<Utc>,
    /// Whether it rests on a calendar year not announced yet.
    pub due_provisional: bool,
    /// When the signature is due.
    pub sign_due_at: DateTime<Utc>,
    /// Its state.
    pub state: OrderState,
    /// Subject of who issued it.
    pub issued_by: String,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// Subject of who signed for it.
    pub signed_by: Option<String>,
    /// When.
    pub signed_at: Option<DateTime<Utc>>,
    /// Until when the receiver may ask to return it.
    pub return_until: Option<DateTime<Utc>>,
    /// The proceeding that was opened for it.
    pub proceeding_id: Option<ProceedingId>,
    /// When: the work has begun.
    pub work_begun_at: Option<DateTime<Utc>>,
    /// The order it takes the place of when it is signed for.
    pub follows: Option<DispatchOrderId>,
    /// Who hands the case over with it.
    pub from_organisation: Option<OrganisationId>,
    /// Why it reports up: a code of the policy pack.
    pub reason: Option<String>,
    /// Why the case is handed over, or what the assisting organisation is to do.
    pub note: Option<String>,
    /// When the proceeding ended.
    pub work_ended_at: Option<DateTime<Utc>>,
    /// Raised by every change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

impl StateMachine for Order {
    type State = OrderState;
    const NAME: (&'static str, &'static str) = ("Dispatch order", "流转单");
    const TRANSITIONS: &'static [Transition<OrderState>] = &[
        Transition {
            number: 7,
            command: "dispatch_case",
            action: "交办",
            from: &[],
            to: OrderState::Issued,
        },
        Transition {
            number: 9,
            command: "designate_case",
            action: "指定办理",
            from: &[],
            to: OrderState::Issued,
        },
        Transition {
            number: 8,
            command: "sign_order",
            action: "签收",
            from: &[OrderState::Issued],
            to: OrderState::Signed,
        },
        Transition {
            number: 9,
            command: "ask_return",
            action: "申请退回",
            from: &[OrderState::Issued, OrderState::Signed],
            to: OrderState::ReturnAsked,
        },
        Transition {
            number: 9,
            command: "approve_return",
            action: "同意退回",
            from: &[OrderState::ReturnAsked],
            to: OrderState::Returned,
        },
        Transition {
            number: 9,
            command: "reject_return",
            action: "不同意退回",
            from: &[OrderState::ReturnAsked],
            to: OrderState::Issued,
        },
        Transition {
            number: 9,
            command: "reject_return",
            action: "不同意退回",
            from: &[OrderState::ReturnAsked],
            to: OrderState::Signed,
        },
        Transition {
            number: 9,
            command: "designate_case",
            action: "指定办理",
            from: &[OrderState::ReturnAsked],
            to: OrderState::Returned,
        },
        Transition {
            number: 0,
            command: "recall_order",
            action: "撤回",
            from: &[OrderState::Issued],
            to: OrderState::Recalled,
        },
        Transition {
            number: 0,
            command: "hand_over_case",
            action: "移交",
            from: &[],
            to: OrderState::Offered,
        },
        Transition {
            number: 17,
            command: "report_up_order",
            action: "上报",
            from: &[],
            to: OrderState::Offered,
        },
        Transition {
            number: 8,
            command: "sign_order",
            action: "签收",
            from: &[OrderState::Offered],
            to: OrderState::Signed,
        },
        Transition {
            number: 0,
            command: "hand_over_case",
            action: "移交",
            from: &[OrderState::Signed],
            to: OrderState::HandedOver,
        },
        Transition {
            number: 0,
            command: "recall_order",
            action: "撤回",
            from: &[OrderState::Offered],
            to: OrderState::Recalled,
        },
        Transition {
            number: 0,
            command: "give_feedback",
            action: "反馈",
            from: &[OrderState::Signed],
            to: OrderState::Signed,
        },
        Transition {
            number: 0,
            command: "give_feedback",
            action: "反馈办结、未能化解",
            from: &[OrderState::Signed],
            to: OrderState::Completed,
        },
        Transition {
            number: 0,
            command: "give_feedback",
            action: "反馈不属于职权",
            from: &[OrderState::Signed],
            to: OrderState::Returned,
        },
        Transition {
            number: 0,
            command: "extend_order",
            action: "延长办理期限",
            from: &[OrderState::Signed],
            to: OrderState::Signed,
        },
        Transition {
            number: 0,
            command: "rework_order",
            action: "返工",
            from: &[OrderState::Completed],
            to: OrderState::Signed,
        },
        Transition {
            number: 29,
            command: "reopen_case",
            action: "重启、并案",
            from: &OrderState::LIVE,
            to: OrderState::Done,
        },
    ];
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// Id of the order.
    pub order_id: DispatchOrderId,
    /// How it is handed over.
    pub mode: DispatchMode,
    /// Last day for the work; `None` = by the target of the track.
    pub due_on: Option<NaiveDate>,
}

/// What comes of giving a case to an organisation: the case, the order, and the fact.
pub type Issued = (TriageCase, Order, DispatchIssued);

impl TriageCase {
    /// Dispatches a decided case.
    ///
    /// # Errors
    /// An organisation that is not entitled, a way of handing over that is not used here or is a designation, a deadline that
    /// leaves no time after signing, a case that must be designated, is not decided or dispatched already.
    pub fn dispatch(
        &self,
        decision: Option<&Decision>,
        dispatch: &Dispatch,
        to: &Organisation,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Issued, Refusal> {
        let case = self.step("dispatch_case", CaseState::Dispatched, now)?;
        match dispatch.mode {
            DispatchMode::Designate => return Err(Refusal::DesignatedByDispatch),
            DispatchMode::Assist | DispatchMode::HandOver | DispatchMode::ReportUp => {
                return Err(Refusal::ActOfItsOwn);
            }
            _ => {}
        }
        if self.must_be_designated(policy) {
            return Err(Refusal::Code(&problems::DESIGNATION_REQUIRED));
        }
        case.issue(decision, dispatch, to, by, policy, now)
    }

    /// Designates who handles a case 指定办理 (信访工作条例 24): its order cannot be returned. A return that waits for an
    /// answer is settled by it ([`Order::designated_away`]).
    ///
    /// # Errors
    /// As [`Self::dispatch`].
    pub fn designate(
        &self,
        decision: Option<&Decision>,
        dispatch: &Dispatch,
        to: &Organisation,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Issued, Refusal> {
        let case = self.step("designate_case", CaseState::Dispatched, now)?;
        case.issue(decision, dispatch, to, by, policy, now)
    }

    pub(super) fn issue(
        mut self,
        decision: Option<&Decision>,
        dispatch: &Dispatch,
        to: &Organisation,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Issued, Refusal> {
        let decision = decision.ok_or_else(|| Refusal::Transition {
            state: self.state.to_string(),
        })?;
        if policy
            .triage()
            .file()
            .dispatch_mode(dispatch.mode)
            .is_none()
        {
            return Err(Refusal::UnknownMode);
        }
        to.check_entitled(&self.region, &decision.route)?;
        let type_code = Some(decision.type_code.as_str());
        let sign_due = policy.due(clocks::SIGN, type_code, now)?;
        let due = deadline(decision, dispatch.due_on, &sign_due, policy, now)?;
        self.organisation_id = Some(to.id);
        self.came_back = false;
        let event = DispatchIssued {
            order_id: dispatch.order_id,
            case_id: self.case_id,
            region: self.region,
            mode: dispatch.mode,
            to_organisation: to.id,
            route: decision.route.clone(),
            type_code: decision.type_code.clone(),
            track: decision.track,
            due_at: due.at,
            due_provisional: due.provisional,
            issued_at: now,
        };
        let order = Order {
            id: dispatch.order_id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: to.id,
            mode: dispatch.mode,
            route: decision.route.clone(),
            type_code: decision.type_code.clone(),
            track: decision.track,
            due_on: due.last_day,
            due_at: due.at,
            due_provisional: due.provisional,
            sign_due_at: sign_due.at,
            state: OrderState::Issued,
            issued_by: by.to_owned(),
            issued_at: now,
            signed_by: None,
            signed_at: None,
            return_until: Some(policy.due(clocks::RETURN, type_code, now)?.at),
            proceeding_id: None,
            work_begun_at: None,
            follows: None,
            from_organisation: None,
            reason: None,
            note: None,
            work_ended_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        Ok((self, order, event))
    }
}

/// The end of the work: the day asked for, else the target of the track. It never lies before the receiver must have signed.
fn deadline(
    decision: &Decision,
    due_on: Option<NaiveDate>,
    sign_due: &Due,
    policy: &PolicyPack,
    now: DateTime<Utc>,
) -> Result<Due, Refusal> {
    let track = policy.triage().file().track(decision.track);
    let target = track.ok_or(Refusal::UnknownTrack)?.clock.as_str();
    let rule = policy.clock(target, Some(&decision.type_code))?;
    match due_on {
        // Four digits is what a date has on the wire; chrono reads more.
        Some(day) if day.year() > 9999 => Err(Refusal::InvalidDate),
        Some(day) if day < sign_due.last_day => Err(Refusal::DeadlineTooShort {
            earliest: sign_due.last_day,
        }),
        Some(day) => Ok(rule.due_on(day, policy.calendar())),
        None => {
            let due = rule.due(now, policy.calendar());
            Ok(if due.at < sign_due.at { *sign_due } else { due })
        }
    }
}

impl Order {
    /// The receiving organisation signs: the order after it, and the fact.
    ///
    /// # Errors
    /// An order that is signed already.
    pub fn sign(&self, by: &str, now: DateTime<Utc>) -> Result<(Self, DispatchSigned), Refusal> {
        let mut order = self.step("sign_order", OrderState::Signed, now)?;
        order.signed_by = Some(by.to_owned());
        order.signed_at = Some(now);
        let event = DispatchSigned {
            order_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            route: self.route.clone(),
            type_code: self.type_code.clone(),
            track: self.track,
            due_at: self.due_at,
            signed_at: now,
        };
        Ok((order, event))
    }

    /// The order after `command` led it to `to`.
    pub(super) fn step(
        &self,
        command: &str,
        to: OrderState,
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
