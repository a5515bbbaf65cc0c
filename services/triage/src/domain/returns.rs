//! Giving an order back 退回 and taking it back 撤回 (transition 9; 信访工作条例 23, 24).

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::{
        DispatchMode, DispatchRecalled, DispatchReturnAsked, DispatchReturnRejected,
        DispatchReturned,
    },
    ids::{CaseId, DispatchOrderId, OrganisationId},
    problems::triage as problems,
    text_enum,
};
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use policy::PolicyPack;

use super::{CaseState, Order, OrderState, Refusal, TriageCase, refusal::text};
use crate::{clocks, schema::returns};

text_enum! {
    /// State of a return.
    pub enum ReturnState {
        /// 申请退回: waits for the sender.
        Asked => "asked",
        /// 同意退回.
        Approved => "approved",
        /// 不同意退回.
        Rejected => "rejected",
        /// 指定办理: settled by a designation.
        Designated => "designated",
    }
}

/// A return that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = returns)]
pub struct Return {
    /// The order.
    pub order_id: DispatchOrderId,
    /// Which return of the order it is, from 1.
    pub number: i32,
    /// The case.
    pub case_id: CaseId,
    /// Who asks.
    pub organisation_id: OrganisationId,
    /// Its state.
    pub state: ReturnState,
    /// Reason code of the policy pack.
    pub reason: String,
    /// The reason in words.
    pub explanation: String,
    /// Subject of who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When the sender's answer is due.
    pub decide_due_at: DateTime<Utc>,
    /// Subject of who answered.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why, when it was rejected.
    pub answer: Option<String>,
}

/// What the receiver says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnAsk {
    /// Reason code of the policy pack.
    pub reason: String,
    /// The reason in words.
    pub explanation: String,
}

/// What the sender made of a return: the case, the order and the return after it, and the fact.
pub type Answered<E> = (TriageCase, Order, Return, E);

impl Order {
    /// The receiving organisation asks to give the order back.
    ///
    /// # Errors
    /// A designated or unreturnable order, work that has begun, the window that is over, an organisation that has asked
    /// before, an unknown reason or none in words.
    pub fn ask_return(
        &self,
        case: &TriageCase,
        earlier: &[Return],
        ask: &ReturnAsk,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Answered<DispatchReturnAsked>, Refusal> {
        let file = policy.triage().file();
        self.check_returnable(policy)?;
        let mut order = self.step("ask_return", OrderState::ReturnAsked, now)?;
        let mut case = case.step("ask_return", CaseState::ReturnAsked, now)?;
        self.check_not_begun()?;
        if now > self.return_until(policy)? {
            return Err(Refusal::Code(&problems::RETURN_WINDOW_OVER));
        }
        let own = earlier
            .iter()
            .filter(|past| past.organisation_id == self.organisation_id)
            .count();
        if u32::try_from(own).map_or(true, |own| own >= file.max_returns_per_organisation) {
            return Err(Refusal::Code(&problems::RETURN_ALREADY_ASKED));
        }
        if file.return_reason(&ask.reason).is_none() {
            return Err(Refusal::Field(&problems::UNKNOWN_RETURN_REASON, "/reason"));
        }
        let explanation = text(&ask.explanation, "/explanation", policy)?;
        let number = earlier
            .iter()
            .filter(|past| past.order_id == self.id)
            .map(|past| past.number)
            .max()
            .unwrap_or(0)
            + 1;
        let decide_due_at = policy
            .due(clocks::RETURN_DECIDE, Some(&self.type_code), now)?
            .at;
        order.return_until = Some(self.return_until(policy)?);
        case.disputes += 1;
        let event = DispatchReturnAsked {
            order_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            reason: ask.reason.clone(),
            decide_due_at,
            asked_at: now,
        };
        let asked = Return {
            order_id: self.id,
            number,
            case_id: self.case_id,
            organisation_id: self.organisation_id,
            state: ReturnState::Asked,
            reason: ask.reason.clone(),
            explanation,
            asked_by: by.to_owned(),
            asked_at: now,
            decide_due_at,
            decided_by: None,
            decided_at: None,
            answer: None,
        };
        Ok((case, order, asked, event))
    }

    /// The sender takes the order back: the case waits for its next order.
    ///
    /// # Errors
    /// No return asked for, or work that has begun meanwhile.
    pub fn approve_return(
        &self,
        case: &TriageCase,
        asked: &Return,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Answered<DispatchReturned>, Refusal> {
        let order = self.step("approve_return", OrderState::Returned, now)?;
        let mut case = case.step("approve_return", CaseState::Triaged, now)?;
        self.check_not_begun()?;
        case.organisation_id = None;
        case.came_back = true;
        let event = self.returned(asked, case.must_be_designated(policy), now);
        Ok((
            case,
            order,
            asked.decided(ReturnState::Approved, by, None, now),
            event,
        ))
    }

    /// The sender does not take it back: the order is again what it was; one that was not signed for gets its whole time
    /// for the signature.
    ///
    /// # Errors
    /// No return asked for, no reason.
    pub fn reject_return(
        &self,
        case: &TriageCase,
        asked: &Return,
        answer: &str,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Answered<DispatchReturnRejected>, Refusal> {
        let signed = self.signed_at.is_some();
        let (as_order, as_case) = if signed {
            (OrderState::Signed, CaseState::Signed)
        } else {
            (OrderState::Issued, CaseState::Dispatched)
        };
        let mut order = self.step("reject_return", as_order, now)?;
        let case = case.step("reject_return", as_case, now)?;
        if !signed {
            order.sign_due_at = policy.due(clocks::SIGN, Some(&self.type_code), now)?.at;
        }
        let answer = text(answer, "/reason", policy)?;
        let event = DispatchReturnRejected {
            order_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            signed,
            rejected_at: now,
        };
        let decided = asked.decided(ReturnState::Rejected, by, Some(answer), now);
        Ok((case, order, decided, event))
    }
}

impl Order {
    /// The sender takes back an order that was not signed for.
    ///
    /// # Errors
    /// An order that is signed for, or is not in force.
    pub fn recall(
        &self,
        case: &TriageCase,
        now: DateTime<Utc>,
    ) -> Result<(TriageCase, Self, DispatchRecalled), Refusal> {
        if self.signed_at.is_some() {
            return Err(Refusal::Code(&problems::ALREADY_SIGNED));
        }
        let order = self.step("recall_order", OrderState::Recalled, now)?;
        let mut case = case.clone();
        // An offer and an order to assist leave the case with whom it is.
        if self.state == OrderState::Issued && self.mode != DispatchMode::Assist {
            case = case.step("recall_order", CaseState::Triaged, now)?;
            case.organisation_id = None;
            case.came_back = true;
        }
        let event = DispatchRecalled {
            order_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            recalled_at: now,
        };
        Ok((case, order, event))
    }

    /// A designation settles the return that was asked for: the order goes back.
    ///
    /// # Errors
    /// No return asked for, or work that has begun.
    pub fn designated_away(
        &self,
        asked: &Return,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(Self, Return, DispatchReturned), Refusal> {
        let order = self.step("designate_case", OrderState::Returned, now)?;
        self.check_not_begun()?;
        let event = self.returned(asked, true, now);
        let decided = asked.decided(ReturnState::Designated, by, None, now);
        Ok((order, decided, event))
    }

    fn returned(
        &self,
        asked: &Return,
        designation_required: bool,
        now: DateTime<Utc>,
    ) -> DispatchReturned {
        DispatchReturned {
            order_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            reason: asked.reason.clone(),
            designation_required,
            returned_at: now,
        }
    }

    fn check_not_begun(&self) -> Result<(), Refusal> {
        match self.work_begun_at {
            Some(_) => Err(Refusal::Code(&problems::WORK_BEGUN)),
            None => Ok(()),
        }
    }

    /// Until when the receiver may ask to return it. An order of an earlier release has no time of its own.
    fn return_until(&self, policy: &PolicyPack) -> Result<DateTime<Utc>, Refusal> {
        match self.return_until {
            Some(until) => Ok(until),
            None => Ok(policy
                .due(clocks::RETURN, Some(&self.type_code), self.issued_at)?
                .at),
        }
    }
}

impl Return {
    fn decided(
        &self,
        state: ReturnState,
        by: &str,
        answer: Option<String>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            state,
            decided_by: Some(by.to_owned()),
            decided_at: Some(now),
            answer,
            ..self.clone()
        }
    }
}

impl TriageCase {
    /// Whether organisations disputed so often who handles it that only a designation can give it to somebody.
    #[must_use]
    pub fn must_be_designated(&self, policy: &PolicyPack) -> bool {
        self.disputes > i64::from(policy.triage().file().max_disputes_per_case)
    }
}
