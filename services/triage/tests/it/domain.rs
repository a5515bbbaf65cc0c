//! The rules alone.

use std::sync::LazyLock;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use contracts::{
    events::triage::{DispatchMode, RiskColour, Track},
    ids::OrganisationId,
    lifecycle::StateMachine,
    problems::triage as problems,
};
use policy::PolicyPack;
use proptest::prelude::*;
use triage::domain::{
    CaseProposal, CaseState, Choice, Decision, Dispatch, Order, OrderState, Organisation, Refusal,
    Return, ReturnAsk, ReturnState, TriageCase, proposal::propose,
};

use crate::support::{COUNTY, accepted, id};

static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

fn now() -> DateTime<Utc> {
    testkit::service::BEGINNING.parse().unwrap()
}

fn case() -> (TriageCase, CaseProposal) {
    let event = accepted(COUNTY, now());
    let text = "邻居噪音扰民".to_owned();
    let (proposal, _) = propose(&POLICY, &event, text, id(), now()).unwrap();
    let case = TriageCase::accepted(&event, proposal.colour, now(), now());
    (case, proposal)
}

fn as_proposed(proposal: &CaseProposal) -> Choice {
    Choice {
        type_code: proposal.type_code.clone(),
        route: "peoples_mediation".to_owned(),
        track: proposal.track,
        colour: proposal.colour,
        reason: None,
    }
}

fn organisation(region: &str, route: &str) -> Organisation {
    Organisation {
        id: id::<OrganisationId>(),
        region: region.parse().unwrap(),
        kind: "township_pmc".to_owned(),
        name: "某调委会".to_owned(),
        routes: vec![route.to_owned()],
        updated_at: now(),
    }
}

/// A command with everything a caller chooses in it.
#[derive(Debug, Clone)]
enum Command {
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
    Recall,
    AskReturn {
        late: bool,
    },
    AnswerReturn {
        approve: bool,
    },
    Designate,
}

fn command() -> impl Strategy<Value = Command> {
    let of = |types: &'static [&'static str]| proptest::sample::select(types);
    let decide = (
        of(&["neighbour", "contract.debt", "other.criminal", "nonsense"]),
        of(&["peoples_mediation", "litigation", "nonsense"]),
        proptest::sample::select(Track::ALL),
        proptest::sample::select(RiskColour::ALL),
        any::<bool>(),
    );
    let dispatch = (
        proptest::sample::select(DispatchMode::ALL),
        of(&["6206", "620602", "620602100", "620621"]),
        proptest::option::of(0_u64..40),
    );
    prop_oneof![
        decide.prop_map(
            |(type_code, route, track, colour, reason)| Command::Decide {
                type_code,
                route,
                track,
                colour,
                reason
            }
        ),
        dispatch.prop_map(|(mode, region, due_in)| Command::Dispatch {
            mode,
            region,
            due_in
        }),
        Just(Command::Sign),
        Just(Command::Recall),
        any::<bool>().prop_map(|late| Command::AskReturn { late }),
        any::<bool>().prop_map(|approve| Command::AnswerReturn { approve }),
        Just(Command::Designate),
    ]
}

/// A case with all that came of it.
struct World {
    case: TriageCase,
    proposal: CaseProposal,
    decision: Option<Decision>,
    order: Option<Order>,
    returns: Vec<Return>,
}

impl World {
    fn new() -> Self {
        let (case, proposal) = case();
        Self {
            case,
            proposal,
            decision: None,
            order: None,
            returns: Vec::new(),
        }
    }

    fn in_force(&self) -> Result<Order, Refusal> {
        let nothing = || Refusal::Transition {
            state: self.case.state.to_string(),
        };
        self.order.clone().ok_or_else(nothing)
    }

    /// The order with the return that was asked for.
    fn disputed(&self) -> Result<(Order, Return), Refusal> {
        let order = self.in_force()?;
        let asked = |r: &&Return| r.order_id == order.id && r.state == ReturnState::Asked;
        let nothing = || Refusal::Transition {
            state: self.case.state.to_string(),
        };
        let asked = self.returns.iter().find(asked).ok_or_else(nothing)?.clone();
        Ok((order, asked))
    }

    fn answered(&mut self, answer: Return) {
        let same = |r: &Return| (r.order_id, r.number) == (answer.order_id, answer.number);
        self.returns.retain(|r| !same(r));
        self.returns.push(answer);
    }

    fn apply(&mut self, command: Command) -> Result<&'static str, Refusal> {
        match command {
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
                let (case, decision, event) =
                    self.case
                        .decide(&self.proposal, choice, "officer", &POLICY, now())?;
                assert!(event.colour >= self.proposal.colour || decision.reason.is_some());
                self.decision = Some(decision);
                self.case = case;
                Ok("decide_triage")
            }
            Command::Dispatch {
                mode,
                region,
                due_in,
            } => {
                let dispatch = Dispatch {
                    order_id: id(),
                    mode,
                    due_on: due_in.map(|days| today() + Days::new(days)),
                };
                let to = organisation(region, "peoples_mediation");
                let decision = self.decision.as_ref();
                let (case, order, event) =
                    self.case
                        .dispatch(decision, &dispatch, &to, "officer", &POLICY, now())?;
                assert!(order.due_at >= order.sign_due_at);
                assert_eq!(event.due_at, order.due_at);
                self.order = Some(order);
                self.case = case;
                Ok("dispatch_case")
            }
            Command::Recall => {
                let (case, order, _) = self.in_force()?.recall(&self.case, now())?;
                assert!(order.signed_at.is_none());
                (self.case, self.order) = (case, Some(order));
                Ok("recall_order")
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
                (self.case, self.order) = (case, Some(order));
                Ok("ask_return")
            }
            Command::AnswerReturn { approve: true } => {
                let (order, asked) = self.disputed()?;
                let (case, order, asked, event) =
                    order.approve_return(&self.case, &asked, "officer", &POLICY, now())?;
                assert_eq!(event.designation_required, self.case.disputes > 1);
                self.answered(asked);
                (self.case, self.order) = (case, Some(order));
                Ok("approve_return")
            }
            Command::AnswerReturn { approve: false } => {
                let (order, asked) = self.disputed()?;
                let (case, order, asked, event) = order.reject_return(
                    &self.case,
                    &asked,
                    "应当办理",
                    "officer",
                    &POLICY,
                    now(),
                )?;
                assert_eq!(event.signed, order.state == OrderState::Signed);
                self.answered(asked);
                (self.case, self.order) = (case, Some(order));
                Ok("reject_return")
            }
            Command::Designate => {
                let dispatch = Dispatch {
                    order_id: id(),
                    mode: DispatchMode::Designate,
                    due_on: None,
                };
                let to = organisation(COUNTY, "peoples_mediation");
                let decision = self.decision.as_ref();
                let (case, order, _) =
                    self.case
                        .designate(decision, &dispatch, &to, "officer", &POLICY, now())?;
                if self.case.state == CaseState::ReturnAsked {
                    let (order, asked) = self.disputed()?;
                    let (_, asked, _) = order.designated_away(&asked, "officer", now())?;
                    self.answered(asked);
                }
                (self.case, self.order) = (case, Some(order));
                Ok("designate_case")
            }
            Command::Sign => {
                let (order, _) = self.in_force()?.sign("receiver", now())?;
                self.order = Some(order);
                // The store moves the case with it.
                let next = TriageCase::transition(Some(self.case.state), "sign_order").unwrap();
                self.case.state = next.to;
                self.case.version += 1;
                Ok("sign_order")
            }
        }
    }
}

fn today() -> NaiveDate {
    policy::clock::due::beijing_date(now())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_sequence_of_commands_reaches_a_state_the_table_does_not_allow(
        commands in proptest::collection::vec(command(), 0..24)
    ) {
        let mut world = World::new();
        for command in commands {
            let (state, version) = (world.case.state, world.case.version);
            match world.apply(command) {
                Ok(command) => {
                    let allowed = TriageCase::transition(Some(state), command);
                    let reached = TriageCase::TRANSITIONS.iter().any(|t| {
                        t.command == command && t.from.contains(&state) && t.to == world.case.state
                    });
                    prop_assert!(allowed.is_some() && reached, "{}", command);
                    prop_assert_eq!(world.case.version, version + 1);
                }
                Err(_) => {
                    prop_assert_eq!(world.case.state, state);
                    prop_assert_eq!(world.case.version, version);
                }
            }
            let order_state = world.order.as_ref().map(|order| order.state);
            let expected = match world.case.state {
                CaseState::Accepted | CaseState::Triaged | CaseState::Merged => None,
                CaseState::Dispatched => Some(OrderState::Issued),
                CaseState::Signed => Some(OrderState::Signed),
                CaseState::Completed => Some(OrderState::Completed),
                CaseState::ReturnAsked => Some(OrderState::ReturnAsked),
            };
            // What came back is void.
            let void = [OrderState::Returned, OrderState::Recalled];
            let order_state = order_state.filter(|state| !void.contains(state));
            prop_assert_eq!(order_state, expected);
            prop_assert_eq!(world.decision.is_some(), world.case.state != CaseState::Accepted);
        }
    }
}

#[test]
fn a_seen_obstacle_is_overruled_by_a_reason_only() {
    let (case, mut proposal) = case();
    proposal.obstacles = vec!["criminal".to_owned()];
    let decide = |choice| case.decide(&proposal, choice, "officer", &POLICY, now());
    let refused = decide(as_proposed(&proposal)).unwrap_err();
    let Refusal::Obstacle { law, .. } = &refused else {
        panic!("{refused:?}")
    };
    assert!(!law.is_empty());
    let problem = chassis::http::Problem::from(refused.clone());
    assert_eq!(problem.code(), &problems::ROUTE_NOT_LAWFUL);
    let other_way = Choice {
        route: "litigation".to_owned(),
        ..as_proposed(&proposal)
    };
    assert!(decide(other_way).is_ok());
    let with_reason = Choice {
        reason: Some("公安机关已出具不予立案通知书".to_owned()),
        ..as_proposed(&proposal)
    };
    let (_, decision, _) = decide(with_reason).unwrap();
    assert!(decision.reason.is_some());
}

#[test]
fn a_case_before_a_court_may_go_to_the_courts_own_mediation() {
    let (case, mut proposal) = case();
    proposal.obstacles = vec!["in_court".to_owned()];
    let decide = |route: &str| {
        let choice = Choice {
            route: route.to_owned(),
            ..as_proposed(&proposal)
        };
        case.decide(&proposal, choice, "officer", &POLICY, now())
    };
    assert!(decide("judicial_mediation").is_ok());
    let refused = decide("peoples_mediation").unwrap_err();
    assert!(matches!(refused, Refusal::Obstacle { .. }), "{refused:?}");
}

#[test]
fn entitled_is_who_is_on_the_line_and_handles_the_route() {
    let entitled = |region: &str, route: &str| {
        organisation(region, route).check_entitled(&COUNTY.parse().unwrap(), "arbitration")
    };
    assert_eq!(entitled("62", "arbitration"), Ok(()));
    assert_eq!(entitled("620602", "arbitration"), Ok(()));
    assert_eq!(entitled("620602100201", "arbitration"), Ok(()));
    assert_eq!(entitled("620621", "arbitration"), Err(Refusal::OtherRegion));
    assert_eq!(entitled("6207", "arbitration"), Err(Refusal::OtherRegion));
    assert_eq!(entitled("620602", "litigation"), Err(Refusal::OtherRoute));
}

#[test]
fn every_state_of_the_tables_is_reached_by_some_transition() {
    let cases: Vec<_> = TriageCase::TRANSITIONS.iter().map(|t| t.to).collect();
    assert!(CaseState::ALL.iter().all(|state| cases.contains(state)));
    let orders: Vec<_> = Order::TRANSITIONS.iter().map(|t| t.to).collect();
    assert!(OrderState::ALL.iter().all(|state| orders.contains(state)));
}
