//! A case in triage with its orders: decided, dispatched, returned, handed on, finished, opened again, merged.

use chrono::{Days, Duration};
use contracts::{
    events::triage::{DispatchMode, RiskColour, Track},
    ids::TypedId as _,
    lifecycle::StateMachine as _,
};
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};
use triage::domain::{
    Before, CaseProposal, CaseState, Choice, Decision, Dispatch, Feedback, Offer, Order,
    OrderState, Organisation, Refusal, Return, ReturnAsk, ReturnState, Rework, TriageCase,
};

use crate::{
    domain::{POLICY, case, now, organisation},
    support::{COUNTY, id},
};

/// A case with all that came of it.
#[derive(Debug, Clone)]
pub struct World {
    case: TriageCase,
    proposal: CaseProposal,
    decision: Option<Decision>,
    orders: Vec<Order>,
    returns: Vec<Return>,
    last: Option<Feedback>,
    reworks: usize,
}

/// A command with everything a caller chooses in it.
#[derive(Debug, Clone)]
pub enum Command {
    Decide {
        type_code: &'static str,
        route: &'static str,
        track: Track,
        colour: RiskColour,
        reason: bool,
    },
    Dispatch {
        mode: DispatchMode,
        region: &'static str,
        due_in: Option<u64>,
    },
    Sign,
    Recall {
        offer: bool,
    },
    AskReturn {
        late: bool,
    },
    AnswerReturn {
        approve: bool,
    },
    Designate,
    Offer {
        up: bool,
    },
    TakeOver,
    Feedback(&'static str),
    Extend {
        reason: bool,
    },
    Rework {
        /// On so many days from today.
        due_in: Option<i64>,
    },
    Reopen,
    Merge,
}

fn receiver(region: &str) -> Organisation {
    let routes = ["peoples_mediation", "arbitration"].map(str::to_owned);
    Organisation {
        routes: routes.to_vec(),
        ..organisation(region, "")
    }
}

impl World {
    fn not_now(&self) -> Refusal {
        Refusal::Transition {
            state: self.case.state.to_string(),
        }
    }

    fn in_force(&self) -> Result<Order, Refusal> {
        let in_force = |order: &&Order| OrderState::IN_FORCE.contains(&order.state);
        let found = self.orders.iter().find(in_force);
        found.cloned().ok_or_else(|| self.not_now())
    }

    fn offered(&self) -> Result<Order, Refusal> {
        let offered = |order: &&Order| order.state == OrderState::Offered;
        let found = self.orders.iter().find(offered);
        found.cloned().ok_or_else(|| self.not_now())
    }

    /// The order with the return that was asked for.
    fn disputed(&self) -> Result<(Order, Return), Refusal> {
        let order = self.in_force()?;
        let asked = |r: &&Return| r.order_id == order.id && r.state == ReturnState::Asked;
        let asked = self.returns.iter().find(asked).cloned();
        Ok((order, asked.ok_or_else(|| self.not_now())?))
    }

    fn answered(&mut self, answer: Return) {
        let same = |r: &Return| (r.order_id, r.number) == (answer.order_id, answer.number);
        self.returns.retain(|r| !same(r));
        self.returns.push(answer);
    }

    /// Stores an order, and the case with it.
    fn keep(&mut self, case: TriageCase, order: Order) {
        self.case = case;
        match self.orders.iter_mut().find(|known| known.id == order.id) {
            Some(known) => *known = order,
            None => self.orders.push(order),
        }
    }

    /// The live orders come to their end, as the store does it.
    fn finish(&mut self) {
        for order in &mut self.orders {
            if OrderState::LIVE.contains(&order.state) {
                order.state = OrderState::Done;
            }
        }
    }
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;
    const BEGINS_WITH: &'static [&'static str] = &["accept_matter"];

    fn tables() -> Vec<Table> {
        vec![Table::of::<TriageCase>(), Table::of::<Order>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let of = |codes: &[&'static str]| proptest::sample::select(codes.to_vec());
        let decide = (
            of(&[
                "neighbour",
                "neighbour",
                "contract.debt",
                "other.criminal",
                "nonsense",
            ]),
            of(&["peoples_mediation", "arbitration", "litigation", "nonsense"]),
            proptest::sample::select(Track::ALL),
            proptest::sample::select(RiskColour::ALL),
            any::<bool>(),
        );
        let dispatch = (
            proptest::sample::select(DispatchMode::ALL),
            of(&["6206", "620602", "620602100", "620621"]),
            proptest::option::of(0_u64..40),
        );
        let outcome = of(&[
            "taken_up",
            "progress",
            "finished",
            "not_settled",
            "not_competent",
            "nonsense",
        ]);
        prop_oneof![
            5 => decide.prop_map(|(type_code, route, track, colour, reason)| Command::Decide {
                type_code, route, track, colour, reason
            }),
            5 => dispatch.prop_map(|(mode, region, due_in)| Command::Dispatch { mode, region, due_in }),
            4 => Just(Command::Sign),
            1 => any::<bool>().prop_map(|offer| Command::Recall { offer }),
            2 => proptest::bool::weighted(0.2).prop_map(|late| Command::AskReturn { late }),
            2 => any::<bool>().prop_map(|approve| Command::AnswerReturn { approve }),
            2 => Just(Command::Designate),
            2 => any::<bool>().prop_map(|up| Command::Offer { up }),
            2 => Just(Command::TakeOver),
            2 => outcome.prop_map(Command::Feedback),
            1 => any::<bool>().prop_map(|reason| Command::Extend { reason }),
            2 => proptest::option::of(-1_i64..20).prop_map(|due_in| Command::Rework { due_in }),
            1 => Just(Command::Reopen),
            1 => proptest::bool::weighted(0.3).prop_map(|merge| if merge { Command::Merge } else { Command::Sign }),
        ]
    }

    fn begin() -> Self {
        let (case, proposal) = case();
        Self {
            case,
            proposal,
            decision: None,
            orders: Vec::new(),
            returns: Vec::new(),
            last: None,
            reworks: 0,
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        match *command {
            Command::Decide {
                type_code,
                route,
                track,
                colour,
                reason,
            } => {
                let choice = Choice {
                    type_code: type_code.to_owned(),
                    route: route.to_owned(),
                    track,
                    colour,
                    reason: reason.then(|| "理由".to_owned()),
                };
                let decided =
                    self.case
                        .decide(&self.proposal, choice, "officer", &POLICY, now())?;
                let (case, decision, event) = decided;
                assert!(event.colour >= self.proposal.colour || decision.reason.is_some());
                (self.case, self.decision) = (case, Some(decision));
                Ok(vec!["decide_triage"])
            }
            Command::Dispatch {
                mode,
                region,
                due_in,
            } => {
                let today = policy::clock::due::beijing_date(now());
                let dispatch = Dispatch {
                    order_id: id(),
                    mode,
                    due_on: due_in.map(|days| today + Days::new(days)),
                };
                let (to, decision) = (receiver(region), self.decision.as_ref());
                let issued =
                    self.case
                        .dispatch(decision, &dispatch, &to, "officer", &POLICY, now())?;
                let (case, order, event) = issued;
                assert!(order.due_at >= order.sign_due_at);
                assert_eq!(event.due_at, order.due_at);
                self.keep(case, order);
                Ok(vec!["dispatch_case"])
            }
            Command::Sign => {
                let (order, _) = self.in_force()?.sign("receiver", now())?;
                // The store moves the case with it.
                let next = TriageCase::transition(Some(self.case.state), "sign_order").unwrap();
                let case = TriageCase {
                    state: next.to,
                    version: self.case.version + 1,
                    ..self.case.clone()
                };
                self.keep(case, order);
                Ok(vec!["sign_order"])
            }
            Command::Recall { offer } => {
                let order = if offer {
                    self.offered()
                } else {
                    self.in_force()
                }?;
                let (case, order, _) = order.recall(&self.case, now())?;
                assert!(order.signed_at.is_none());
                self.keep(case, order);
                Ok(vec!["recall_order"])
            }
            Command::AskReturn { late } => {
                let at = now() + Duration::days(if late { 30 } else { 0 });
                let order = self.in_force()?;
                let ask = ReturnAsk {
                    reason: "not_competent".to_owned(),
                    explanation: "不属于本单位职权".to_owned(),
                };
                let (case, order, asked, _) =
                    order.ask_return(&self.case, &self.returns, &ask, "receiver", &POLICY, at)?;
                assert!(!late && order.mode != DispatchMode::Designate);
                self.returns.push(asked);
                self.keep(case, order);
                Ok(vec!["ask_return"])
            }
            Command::AnswerReturn { approve: true } => {
                let (order, asked) = self.disputed()?;
                let (case, order, asked, event) =
                    order.approve_return(&self.case, &asked, "officer", &POLICY, now())?;
                assert_eq!(event.designation_required, self.case.disputes > 1);
                self.answered(asked);
                self.keep(case, order);
                Ok(vec!["approve_return"])
            }
            Command::AnswerReturn { approve: false } => {
                let (order, asked) = self.disputed()?;
                let answered = order.reject_return(
                    &self.case,
                    &asked,
                    "应当办理",
                    "officer",
                    &POLICY,
                    now(),
                )?;
                let (case, order, asked, event) = answered;
                assert_eq!(event.signed, order.state == OrderState::Signed);
                self.answered(asked);
                self.keep(case, order);
                Ok(vec!["reject_return"])
            }
            Command::Designate => {
                let dispatch = Dispatch {
                    order_id: id(),
                    mode: DispatchMode::Designate,
                    due_on: None,
                };
                let (to, decision) = (receiver(COUNTY), self.decision.as_ref());
                let (case, order, _) =
                    self.case
                        .designate(decision, &dispatch, &to, "officer", &POLICY, now())?;
                if self.case.state == CaseState::ReturnAsked {
                    let (before, asked) = self.disputed()?;
                    let (before, asked, _) = before.designated_away(&asked, "officer", now())?;
                    self.answered(asked);
                    self.keep(case.clone(), before);
                }
                self.keep(case, order);
                Ok(vec!["designate_case"])
            }
            Command::Offer { up } => {
                let offer = Offer {
                    order_id: id(),
                    mode: if up {
                        DispatchMode::ReportUp
                    } else {
                        DispatchMode::HandOver
                    },
                    reason: up.then(|| "cannot_settle".to_owned()),
                    note: "本级难以化解".to_owned(),
                    due_on: None,
                    by: "receiver".to_owned(),
                };
                let (to, decision) = (receiver("6206"), self.decision.as_ref());
                if self.offered().is_ok() {
                    return Ok(Vec::new());
                }
                let order = self.in_force()?;
                let (order, _) = order.offer(&self.case, decision, &offer, &to, &POLICY, now())?;
                self.orders.push(order);
                Ok(vec![if up {
                    "report_up_order"
                } else {
                    "hand_over_case"
                }])
            }
            Command::TakeOver => {
                let offered = self.offered()?;
                let previous = self
                    .orders
                    .iter()
                    .find(|order| Some(order.id) == offered.follows);
                let previous = previous.cloned().ok_or_else(|| self.not_now())?;
                let (case, order, previous, ..) =
                    offered.take_over(&self.case, &previous, "receiver", now())?;
                self.keep(case.clone(), previous);
                self.keep(case, order);
                Ok(vec!["sign_order", "hand_over_case"])
            }
            Command::Feedback(outcome) => {
                let order = self.in_force()?;
                let (case, order, told, ..) = order.give_feedback(
                    id(),
                    &self.case,
                    (outcome, "情况说明"),
                    "receiver",
                    &POLICY,
                    now(),
                )?;
                self.keep(case, order);
                self.last = Some(told);
                Ok(vec!["give_feedback"])
            }
            Command::Extend { reason } => {
                let (order, reason) = (self.in_force()?, if reason { "案情复杂" } else { " " });
                order.check_extension(reason, &POLICY, now())?;
                let later = order.due_at + Duration::days(10);
                let (order, act, _) =
                    order.extend(id(), reason, later, "receiver", &POLICY, now())?;
                assert_eq!(act.due_at, later);
                self.keep(self.case.clone(), order);
                Ok(vec!["extend_order"])
            }
            Command::Rework { due_in } => {
                let today = policy::clock::due::beijing_date(now());
                let finished = |order: &&Order| order.state == OrderState::Completed;
                // The one that was reported as finished last.
                let order = self.orders.iter().rev().find(finished).cloned();
                let order = order.ok_or_else(|| self.not_now())?;
                let before = Before {
                    last: self.last.as_ref(),
                    reworks: self.reworks,
                };
                let request = Rework {
                    reason: "未实际解决",
                    due_on: due_in.map(|days| today + Duration::days(days)),
                };
                let (case, order, ..) = order.rework(
                    id(),
                    &self.case,
                    before,
                    (&request, "officer"),
                    &POLICY,
                    now(),
                )?;
                assert!(due_in.is_none_or(|days| days > 0) && order.due_at > now());
                self.reworks += 1;
                self.keep(case, order);
                Ok(vec!["rework_order"])
            }
            Command::Reopen => {
                let Some(case) = self.case.reopen(now(), now()) else {
                    return Ok(Vec::new());
                };
                self.case = case;
                self.finish();
                Ok(vec!["reopen_case"])
            }
            Command::Merge => {
                let Some(case) = self.case.merge(now()) else {
                    return Ok(Vec::new());
                };
                self.case = case;
                self.finish();
                // The orders' table has one command for both.
                Ok(vec!["merge_case", "reopen_case"])
            }
        }
    }

    fn objects(&self) -> Vec<Object> {
        let orders = self.orders.iter();
        let orders = orders.map(|order| Object::of::<Order>(order.id.uuid(), order.state));
        let case = Object::of::<TriageCase>(self.case.case_id, self.case.state);
        orders.chain([case]).collect()
    }

    fn check(&self) {
        let in_force = |order: &&Order| OrderState::IN_FORCE.contains(&order.state);
        let states: Vec<_> = self
            .orders
            .iter()
            .filter(in_force)
            .map(|order| order.state)
            .collect();
        // One order of a case is in force at a time, as far as its case is.
        let expected: &[OrderState] = match self.case.state {
            CaseState::Accepted | CaseState::Triaged | CaseState::Merged | CaseState::Completed => {
                &[]
            }
            CaseState::Dispatched => &[OrderState::Issued],
            CaseState::Signed => &[OrderState::Signed],
            CaseState::ReturnAsked => &[OrderState::ReturnAsked],
        };
        assert_eq!(states, expected, "{}", self.case.state);
        let undecided = [CaseState::Accepted, CaseState::Merged];
        assert!(self.decision.is_some() || undecided.contains(&self.case.state));
    }
}
