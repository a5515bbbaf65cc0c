//! A dispatch order 流转单: who gets a decided case, until when (transitions 7, 8).

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use contracts::{
    events::triage::{DispatchIssued, DispatchMode, DispatchSigned, Track},
    ids::{CaseId, DispatchOrderId, OrganisationId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::{Insertable, Queryable, Selectable};
use policy::{Due, PolicyPack};

use super::{Decision, Organisation, Refusal, TriageCase};
use crate::{clocks, schema::orders};

text_enum! {
    /// State of an order.
    pub enum OrderState {
        /// 待签收.
        Issued => "issued",
        /// 已签收.
        Signed => "signed",
    }
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
            number: 8,
            command: "sign_order",
            action: "签收",
            from: &[OrderState::Issued],
            to: OrderState::Signed,
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

impl TriageCase {
    /// Dispatches a decided case: the case after it, the order, and the fact.
    ///
    /// # Errors
    /// An organisation that is not entitled, a way of handing over that is not used here, a deadline that leaves no time
    /// after signing, or a case that is not decided or dispatched already.
    pub fn dispatch(
        &self,
        decision: Option<&Decision>,
        dispatch: &Dispatch,
        to: &Organisation,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Order, DispatchIssued), Refusal> {
        let mut case = self.after("dispatch_case", now)?;
        let decision = decision.ok_or_else(|| Refusal::Transition {
            state: self.state.to_string(),
        })?;
        let modes = policy.triage().file();
        if modes.dispatch_mode(dispatch.mode).is_none() {
            return Err(Refusal::UnknownMode);
        }
        to.check_entitled(&self.region, &decision.route)?;
        let sign_due = policy.due(clocks::SIGN, Some(&decision.type_code), now)?;
        let due = deadline(decision, dispatch.due_on, &sign_due, policy, now)?;
        case.organisation_id = Some(to.id);
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
            version: 1,
            created_at: now,
            updated_at: now,
        };
        Ok((case, order, event))
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
        let transition = Self::transition(Some(self.state), "sign_order").ok_or_else(|| {
            Refusal::Transition {
                state: self.state.to_string(),
            }
        })?;
        let order = Self {
            state: transition.to,
            signed_by: Some(by.to_owned()),
            signed_at: Some(now),
            version: self.version + 1,
            updated_at: now,
            ..self.clone()
        };
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
}
