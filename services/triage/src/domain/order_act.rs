//! What changes the time of an order on a route without mediation: a longer time 延长办理期限, and finished work that the sender
//! does not accept 返工 (TR-04).

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::triage::{DispatchExtended, DispatchReworked},
    ids::{CaseId, DispatchOrderId, OrderActId},
    problems::triage as problems,
    text_enum,
};
use diesel::{Insertable, Queryable, Selectable};
use policy::{
    Due, PolicyPack,
    clock::{Approver, due::beijing_date},
};

use super::{CaseState, Feedback, Order, OrderState, Refusal, TriageCase, refusal::text};
use crate::{clocks, schema::order_acts};

text_enum! {
    /// What was done.
    pub enum OrderActKind {
        /// 延长办理期限.
        Extended => "extended",
        /// 返工.
        Reworked => "reworked",
    }
}

/// What was done to the time of an order.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_acts)]
pub struct OrderAct {
    /// The act.
    pub id: OrderActId,
    /// The order.
    pub order_id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// What was done.
    pub kind: OrderActKind,
    /// Why.
    pub reason: String,
    /// When the organ has to be done since.
    pub due_at: DateTime<Utc>,
    /// Subject of who did it.
    pub done_by: String,
    /// When.
    pub done_at: DateTime<Utc>,
}

/// What the sender asks for with finished work that it does not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rework<'a> {
    /// Why it is not accepted.
    pub reason: &'a str,
    /// The last day of the new time; `None` = by the policy pack.
    pub due_on: Option<NaiveDate>,
}

/// What came before on an order that is sent back.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    /// What was last told of the case.
    pub last: Option<&'a Feedback>,
    /// How often the order was sent back.
    pub reworks: usize,
}

/// The case and the order after finished work was sent back, the act, its fact, and the end of the new time.
pub type Reworked = (TriageCase, Order, OrderAct, DispatchReworked, Due);

impl Order {
    /// Whether the time of the organ may be lengthened, and who has to approve it. How often and how long the clock of the route
    /// knows.
    ///
    /// # Errors
    /// A mediated route, an order not in force, nothing in words.
    pub fn check_extension(
        &self,
        reason: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Approver, Refusal> {
        if self.mediated(policy) {
            return Err(Refusal::Code(&problems::ROUTE_MEDIATED));
        }
        self.step("extend_order", OrderState::Signed, now)?;
        text(reason, "/reason", policy)?;
        let route = policy.routes().get(&self.route);
        let clock = route.ok_or(Refusal::UnknownRoute)?.clock.as_str();
        let rule = policy.clock(clock, Some(&self.type_code))?;
        // One that cannot be extended refuses whoever approves.
        let extension = rule.extension.as_ref();
        Ok(extension.map_or(Approver::Leader, |extension| extension.approver))
    }

    /// The organ has until `due_at`, as the person in charge of it approved.
    ///
    /// # Errors
    /// As [`Order::check_extension`].
    pub fn extend(
        &self,
        id: OrderActId,
        reason: &str,
        due_at: DateTime<Utc>,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, OrderAct, DispatchExtended), Refusal> {
        let order = self.step("extend_order", OrderState::Signed, now)?;
        let act = OrderAct {
            id,
            order_id: self.id,
            case_id: self.case_id,
            kind: OrderActKind::Extended,
            reason: text(reason, "/reason", policy)?,
            due_at,
            done_by: by.to_owned(),
            done_at: now,
        };
        let event = DispatchExtended {
            order_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            route: self.route.clone(),
            due_at,
            extended_at: now,
        };
        Ok((order, act, event))
    }

    /// The sender does not accept what the organ reported as finished: the organ goes on, with a new time.
    ///
    /// # Errors
    /// A case that is closed or was not finished with this order, `reworked-already`, nothing in words, a day that is over.
    pub fn rework(
        &self,
        id: OrderActId,
        case: &TriageCase,
        before: Before<'_>,
        (request, by): (&Rework<'_>, &str),
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Reworked, Refusal> {
        let mut order = self.step("rework_order", OrderState::Signed, now)?;
        if case.closed_at.is_some() || before.last.is_none_or(|last| last.order_id != self.id) {
            return Err(Refusal::Transition {
                state: case.closed_at.map_or("completed", |_| "closed").to_owned(),
            });
        }
        let case = case.step("rework_order", CaseState::Signed, now)?;
        if before.reworks >= policy.routes().max_reworks {
            return Err(Refusal::Code(&problems::REWORKED_ALREADY));
        }
        let reason = text(request.reason, "/reason", policy)?;
        let rule = policy.clock(clocks::REWORK, Some(&self.type_code))?;
        let today = beijing_date(now);
        let due = match request.due_on {
            Some(day) if day <= today => {
                let earliest = today.succ_opt().unwrap_or(today);
                return Err(Refusal::DayOver { earliest });
            }
            Some(day) => rule.due_on(day, policy.calendar()),
            None => rule.due(now, policy.calendar()),
        };
        order.work_ended_at = None;
        order.due_on = due.last_day;
        order.due_at = due.at;
        order.due_provisional = due.provisional;
        let act = OrderAct {
            id,
            order_id: self.id,
            case_id: self.case_id,
            kind: OrderActKind::Reworked,
            reason,
            due_at: due.at,
            done_by: by.to_owned(),
            done_at: now,
        };
        let event = DispatchReworked {
            order_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            route: self.route.clone(),
            due_at: due.at,
            reworked_at: now,
        };
        Ok((case, order, act, event, due))
    }
}
