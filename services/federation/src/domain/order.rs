//! How a request comes to be: sent here, or arrived here.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    border::{HandsOver, RequestStep},
    ids::{CaseId, RequestId},
    region::RegionCode,
};
use policy::{
    PolicyPack,
    sections::requests::{DossierGoes, EndsWith, Need, RequestKind},
};
use serde_json::{Map, Value};

use super::{
    Note, Place, Refusal, Request, RequestState, Step,
    accountability::Standing,
    terms::{self, Times},
};

/// What is to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Kind code.
    pub kind: String,
    /// The receiving node.
    pub to: RegionCode,
    /// The case.
    pub case_id: Option<CaseId>,
    /// Why.
    pub reason: Option<String>,
    /// Last day for it.
    pub due_on: Option<NaiveDate>,
    /// The values of the kind.
    pub values: Value,
}

impl Order {
    /// Checks it by its kind; gives what its signature will do to the case.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(
        &self,
        policy: &PolicyPack,
        node: RegionCode,
        now: DateTime<Utc>,
    ) -> Result<HandsOver, Refusal> {
        let kind = terms::kind(policy, &self.kind)?;
        if !Place::of(self.to, node).allows(kind.direction) {
            return Err(Refusal::WrongDirection);
        }
        match (kind.case, self.case_id) {
            (Need::Required, None) => return Err(Refusal::CaseRequired),
            (Need::None, Some(_)) => return Err(Refusal::NotOfKind("/case_id")),
            _ => {}
        }
        let max = policy.limits().note_max;
        terms::check_text(kind.reason, "/reason", self.reason.as_deref(), max)?;
        terms::check_day(kind.deadline, self.due_on, now)?;
        let none = Map::new();
        terms::check_values(kind, self.values.as_object().unwrap_or(&none), max)?;
        Ok(terms::hands_over(kind, &self.values))
    }

    /// Checks whether the case may go where the order sends it; gives the number of the hand-over, 0 when it is none.
    ///
    /// # Errors
    /// [`Refusal::NotAccountable`], [`Refusal::HandoverUnderWay`], [`Refusal::DesignationNeeded`].
    pub fn check_case(
        &self,
        policy: &PolicyPack,
        node: RegionCode,
        hands_over: HandsOver,
        standing: &Standing<'_>,
    ) -> Result<i32, Refusal> {
        if hands_over != HandsOver::OnSign {
            return Ok(0);
        }
        standing.check_handover(node)?;
        let beside = Place::of(self.to, node) == Place::Beside;
        if beside && standing.refused >= policy.requests().refusals_before_designation {
            return Err(Refusal::DesignationNeeded);
        }
        Ok(standing.next_handover())
    }

    /// Fills in the values that repeat a figure.
    ///
    /// # Errors
    /// [`Refusal::FiguresDiffer`] when another one was given.
    pub fn repeat(&mut self, kind: &RequestKind, counted: &Value) -> Result<(), Refusal> {
        let Some(values) = self.values.as_object_mut() else {
            return Ok(());
        };
        for value in &kind.values {
            let Some(figure) = value.figure else {
                continue;
            };
            let counted = match counted.get(figure.code()) {
                None | Some(Value::Null) => continue,
                Some(Value::String(text)) => text.clone(),
                Some(number) => number.to_string(),
            };
            match values.get(&value.code) {
                None => {
                    values.insert(value.code.clone(), Value::String(counted));
                }
                Some(Value::String(given)) if *given != counted => {
                    return Err(Refusal::FiguresDiffer(value.code.clone(), counted));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Sends it: the request and its first step.
    ///
    /// # Errors
    /// A clock the pack does not have.
    pub fn send(
        self,
        policy: &PolicyPack,
        (id, node): (RequestId, RegionCode),
        (hands_over, handover): (HandsOver, i32),
        (sealed, figures): (Option<String>, Option<Value>),
        (by, now): (&str, DateTime<Utc>),
    ) -> Result<(Request, Note), Refusal> {
        let kind = terms::kind(policy, &self.kind)?;
        let times = Times::of(policy, kind, &self.values, self.due_on, now)?;
        let mut request = Request {
            id,
            node,
            outgoing: true,
            kind: self.kind,
            case_id: self.case_id,
            from_node: node,
            to_node: self.to,
            hands_over,
            reason: self.reason,
            details: self.values,
            due_on: self.due_on,
            figures,
            sealed,
            state: RequestState::Sent,
            sent_at: now,
            delivered_at: None,
            signed_at: None,
            ended_at: None,
            handled_by: Some(by.to_owned()),
            recall_asked_at: None,
            reworks: 0,
            handover,
            own_steps: 0,
            other_steps: 0,
            sign_due_at: times.sign_due_at,
            done_due_at: times.done_due_at,
            return_until: None,
            resend_at: Some(policy.requests().resend_at(now)),
            urge_at: times.sign_due_at,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let note = request.note(Step::Sent, request.reason.clone(), now);
        Ok((request, note))
    }
}

/// A request that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// As this node keeps it.
    pub request: Request,
    /// The sender's step.
    pub sent: Note,
    /// The steps the desk takes of its own accord.
    pub taken: Vec<Note>,
    /// Its clocks.
    pub times: Times,
}

impl Arrival {
    /// Checks a request that came from another node and acknowledges it 送达. The receiver's times begin now.
    ///
    /// # Errors
    /// [`Refusal::Message`]: this node's pack does not know such a request.
    pub fn of(
        policy: &PolicyPack,
        node: RegionCode,
        step: &RequestStep,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let kind = check_arrival(policy, node, step)?;
        let times = Times::of(policy, kind, &step.values, step.due_on, now)?;
        let return_clock = policy.requests().step("return");
        let return_clock = return_clock.and_then(|step| step.clock.as_deref());
        let return_until = match return_clock.filter(|_| kind.returnable) {
            Some(clock) => Some(policy.due(clock, None, now)?.at),
            None => None,
        };
        let mut request = Request {
            id: step.request_id,
            node,
            outgoing: false,
            kind: step.kind.clone(),
            case_id: step.case_id,
            from_node: step.from_node,
            to_node: step.to_node,
            hands_over: terms::hands_over(kind, &step.values),
            reason: step.text.clone(),
            details: step.values.clone(),
            due_on: step.due_on,
            figures: step.figures.clone(),
            sealed: step.sealed.clone(),
            state: RequestState::Sent,
            sent_at: step.at,
            delivered_at: None,
            signed_at: None,
            ended_at: None,
            handled_by: None,
            recall_asked_at: None,
            reworks: 0,
            handover: step.handover,
            own_steps: 0,
            other_steps: 1,
            sign_due_at: times.sign_due_at,
            done_due_at: times.done_due_at,
            return_until,
            resend_at: None,
            urge_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let sent = Note {
            request_id: request.id,
            by_node: step.from_node,
            number: 1,
            step: Step::Sent,
            body: step.text.clone(),
            taken_at: step.at,
            noted_at: now,
            applied: true,
            sealed: None,
        };
        let mut taken = vec![request.take(Step::Delivered, None, now)?];
        if kind.ends_with == EndsWith::Delivery {
            taken.push(request.take(Step::Done, None, now)?);
        }
        Ok(Self {
            request,
            sent,
            taken,
            times,
        })
    }
}

fn check_arrival<'a>(
    policy: &'a PolicyPack,
    node: RegionCode,
    step: &RequestStep,
) -> Result<&'a RequestKind, Refusal> {
    let kind = policy.requests().kind(&step.kind);
    let kind = kind.ok_or(Refusal::Message("a kind this node does not know"))?;
    if step.to_node != node || step.by_node != step.from_node || step.number != 1 {
        return Err(Refusal::Message("not a request to this node"));
    }
    if !Place::of(step.to_node, step.from_node).allows(kind.direction) {
        return Err(Refusal::Message("the kind does not go in this direction"));
    }
    if kind.case == Need::Required && step.case_id.is_none() {
        return Err(Refusal::Message("no case"));
    }
    if (kind.dossier == DossierGoes::WithRequest) != step.sealed.is_some() {
        return Err(Refusal::Message("a dossier too many or too few"));
    }
    let none = Map::new();
    let values = step.values.as_object().unwrap_or(&none);
    terms::check_values(kind, values, policy.limits().note_max)
        .map_err(|_| Refusal::Message("values the kind does not have"))?;
    Ok(kind)
}
