//! Who answers for a case, and who works along: handing over 移交 with both signatures, reporting up 上报 (transition 17) and
//! assisting 协办. One organisation answers for a case at any time (首问、主办).

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::triage::{
        AssistAsked, AssistSigned, DispatchHandedOver, DispatchIssued, DispatchMode,
        DispatchSigned, RiskColour,
    },
    ids::{DispatchOrderId, OrganisationId},
    problems::triage as problems,
    region::RegionCode,
};
use policy::PolicyPack;

use super::{
    CaseState, Decision, Dispatch, Order, OrderState, Organisation, Refusal, TriageCase,
    refusal::text,
};

/// What is asked for: whom the case is handed to, or who assists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Id of the order.
    pub order_id: DispatchOrderId,
    /// Hand over, report up or assist.
    pub mode: DispatchMode,
    /// Reason code, when it reports up.
    pub reason: Option<String>,
    /// Why, or what is to be done.
    pub note: String,
    /// Last day for the work; `None` = by the target of the track.
    pub due_on: Option<NaiveDate>,
    /// Subject of who asks for it.
    pub by: String,
}

/// What comes of the receiver's signature: the case, its order, the order it takes the place of, and the facts.
pub type TakenOver = (TriageCase, Order, Order, DispatchSigned, DispatchHandedOver);

impl Order {
    /// The accountable organisation offers the case to another; until that one signs, it answers for the case.
    ///
    /// # Errors
    /// An order that is not signed for or not in force, work that is going on, an organisation that is not entitled or is the
    /// same, no reason in words.
    pub fn offer(
        &self,
        case: &TriageCase,
        decision: Option<&Decision>,
        offer: &Offer,
        to: &Organisation,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, DispatchIssued), Refusal> {
        if !self.mode_answers(policy) || self.state != OrderState::Signed {
            return Err(Refusal::Transition {
                state: self.state.to_string(),
            });
        }
        self.check_work_not_begun()?;
        if to.id == self.organisation_id {
            return Err(Refusal::Field(
                &problems::ASSISTS_ALREADY,
                "/to_organisation",
            ));
        }
        let note = text(&offer.note, "/explanation", policy)?;
        let dispatch = Dispatch {
            order_id: offer.order_id,
            mode: offer.mode,
            due_on: offer.due_on,
        };
        // Nothing changes for the case before the receiver signs.
        let (_, order, issued) = case
            .clone()
            .issue(decision, &dispatch, to, &offer.by, policy, now)?;
        let order = Self {
            state: OrderState::Offered,
            follows: Some(self.id),
            from_organisation: Some(self.organisation_id),
            reason: offer.reason.clone(),
            note: Some(note),
            ..order
        };
        Ok((order, issued))
    }

    /// What is being worked on is not handed over.
    fn check_work_not_begun(&self) -> Result<(), Refusal> {
        if self.work_begun_at.is_some() && self.work_ended_at.is_none() {
            return Err(Refusal::Code(&problems::WORK_BEGUN));
        }
        Ok(())
    }

    /// The receiver signs for a case that is handed over: it answers for it from now on.
    ///
    /// # Errors
    /// An order that is not offered, one whose predecessor is no longer in force, or one whose predecessor's organisation has begun
    /// to work meanwhile (`work-begun`).
    pub fn take_over(
        &self,
        case: &TriageCase,
        previous: &Self,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<TakenOver, Refusal> {
        previous.check_work_not_begun()?;
        let previous = previous.step("hand_over_case", OrderState::HandedOver, now)?;
        let (order, signed) = self.sign(by, now)?;
        let mut case = case.step("hand_over_case", CaseState::Signed, now)?;
        case.organisation_id = Some(self.organisation_id);
        let handed_over = DispatchHandedOver {
            from_order: previous.id,
            to_order: self.id,
            case_id: self.case_id,
            region: self.region,
            mode: self.mode,
            from_organisation: previous.organisation_id,
            to_organisation: self.organisation_id,
            handed_over_at: now,
        };
        Ok((case, order, previous, signed, handed_over))
    }

    /// An assisting organisation signs.
    ///
    /// # Errors
    /// An order that is signed already or void.
    pub fn sign_assist(
        &self,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(Self, AssistSigned), Refusal> {
        let (order, _) = self.sign(by, now)?;
        let event = AssistSigned {
            order_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            signed_at: now,
        };
        Ok((order, event))
    }

    /// Whether its receiver answers for the case.
    #[must_use]
    pub fn mode_answers(&self, policy: &PolicyPack) -> bool {
        let mode = policy.triage().file().dispatch_mode(self.mode);
        mode.is_some_and(|mode| mode.accountable)
    }
}

impl TriageCase {
    /// Whether an organisation has it, so that others may work along.
    #[must_use]
    pub fn in_hand(&self) -> bool {
        matches!(self.state, CaseState::Dispatched | CaseState::Signed)
    }

    /// Asks an organisation to work along 协办. Any organisation of the node's line may: the route is the accountable one's.
    ///
    /// # Errors
    /// A case nobody handles yet, an organisation of another region or at work on it already, nothing to be done.
    pub fn ask_to_assist(
        &self,
        decision: Option<&Decision>,
        offer: &Offer,
        to: &Organisation,
        at_work: &[OrganisationId],
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Order, AssistAsked), Refusal> {
        if !self.in_hand() {
            return Err(Refusal::Transition {
                state: self.state.to_string(),
            });
        }
        if at_work.contains(&to.id) {
            return Err(Refusal::Field(&problems::ASSISTS_ALREADY, "/organisation"));
        }
        let note = text(&offer.note, "/duty", policy)?;
        let route = decision.map(|decision| decision.route.clone());
        let as_any = Organisation {
            routes: route.into_iter().collect(),
            ..to.clone()
        };
        let dispatch = Dispatch {
            order_id: offer.order_id,
            mode: DispatchMode::Assist,
            due_on: offer.due_on,
        };
        let (_, order, _) = self
            .clone()
            .issue(decision, &dispatch, &as_any, &offer.by, policy, now)?;
        let order = Order {
            note: Some(note),
            return_until: None,
            ..order
        };
        let event = AssistAsked {
            order_id: order.id,
            case_id: order.case_id,
            region: order.region,
            organisation_id: order.organisation_id,
            due_at: order.due_at,
            asked_at: now,
        };
        Ok((order, event))
    }
}

/// The nearest organisation above one of `region` that handles the route, of the node's organisations `above`.
///
/// # Errors
/// `no-superior`; `superior-ambiguous` when the nearest level has several.
pub fn superior<'a>(
    region: &RegionCode,
    route: &str,
    above: &'a [Organisation],
) -> Result<&'a Organisation, Refusal> {
    for ancestor in region.ancestors() {
        let mut entitled = above
            .iter()
            .filter(|known| known.region == ancestor && known.routes.iter().any(|r| r == route));
        match (entitled.next(), entitled.next()) {
            (Some(one), None) => return Ok(one),
            (Some(_), Some(_)) => {
                return Err(Refusal::Field(
                    &problems::SUPERIOR_AMBIGUOUS,
                    "/to_organisation",
                ));
            }
            (None, _) => {}
        }
    }
    Err(Refusal::Code(&problems::NO_SUPERIOR))
}

/// Whether a case of `colour` may be reported up for this reason.
///
/// # Errors
/// `unknown-report-reason`, `report-reason-not-met`.
pub fn check_report_reason(
    code: &str,
    colour: RiskColour,
    policy: &PolicyPack,
) -> Result<(), Refusal> {
    let reason = policy.triage().file().report_up_reason(code);
    let reason = reason.ok_or(Refusal::Field(&problems::UNKNOWN_REPORT_REASON, "/reason"))?;
    match reason.colour {
        Some(needed) if colour < needed => Err(Refusal::Code(&problems::REPORT_REASON_NOT_MET)),
        _ => Ok(()),
    }
}
