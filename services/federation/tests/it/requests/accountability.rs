//! Exactly one node answers for a case at any time.

use std::sync::LazyLock;

use anyhow::Result;
use chrono::{DateTime, Utc};
use contracts::{border::RequestStep, ids::CaseId, region::RegionCode};
use federation::domain::{
    Accountability, Arrival, Note, Order, Request, RequestState, Step, accountability::Standing,
    terms,
};
use policy::PolicyPack;
use proptest::prelude::*;
use serde_json::json;

use super::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn only_the_accountable_node_hands_over_and_once_at_a_time() -> Result<()> {
    let (county, city, other) = three().await?;
    let nodes = [&county, &city, &other];
    let case: CaseId = id();
    let id = sent(&county, "report_up", &city, case).await?;
    let again = body("forward", other.code, case);
    let answer = county.send(again.clone()).await?;
    let problem = answer.expect_problem(409, "handover-under-way")?;
    assert_eq!(problem["pointer"], "/case_id");
    ship(&nodes).await?;
    let answer = county.send(again.clone()).await?;
    answer.expect_problem(409, "handover-under-way")?;
    city.step(&id, "sign", json!({})).await?.expect(200)?;
    ship(&nodes).await?;
    let answer = county.send(again).await?;
    answer.expect_problem(409, "not-accountable")?;
    // Who does not answer for it may still warn of it, and the holder may give it back.
    sent(&county, "warn", &city, case).await?;
    let back = sent(&city, "assign", &county, case).await?;
    ship(&nodes).await?;
    county.step(&back, "sign", json!({})).await?.expect(200)?;
    ship(&nodes).await?;
    assert_eq!(city.holder(case).await?, "620602");
    assert_eq!(county.holder(case).await?, "620602");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_are_one() -> Result<()> {
    let (county, city) = two().await?;
    let request = body("report_up", city.code, id());
    let (one, two) = tokio::try_join!(county.send(request.clone()), county.send(request))?;
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(county.service.count("requests").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_equals_refuse_twice_goes_to_the_common_superior() -> Result<()> {
    let (county, city, other) = three().await?;
    let nodes = [&county, &city, &other];
    let case: CaseId = id();
    let reason = json!({ "reason": "不属于本地管辖" });
    for _ in 0..2 {
        let id = sent(&county, "forward", &other, case).await?;
        ship(&nodes).await?;
        other
            .step(&id, "refuse", reason.clone())
            .await?
            .expect(200)?;
        ship(&nodes).await?;
        assert_eq!(county.holder(case).await?, "620602");
    }
    let answer = county.send(body("forward", other.code, case)).await?;
    answer.expect_problem(409, "designation-needed")?;
    let mut ask = body("report_up", city.code, case);
    ask["values"]["ask"] = json!("designate");
    let view = county.send(ask).await?.expect(201)?;
    ship(&nodes).await?;
    let id = view["id"].as_str().unwrap();
    city.step(id, "sign", json!({})).await?.expect(200)?;
    ship(&nodes).await?;
    let id = sent(&city, "designate", &other, case).await?;
    ship(&nodes).await?;
    let answer = other.step(&id, "refuse", reason).await?;
    answer.expect_problem(409, "not-returnable")?;
    other.step(&id, "sign", json!({})).await?.expect(200)?;
    ship(&nodes).await?;
    for node in [&city, &other] {
        assert_eq!(node.holder(case).await?, "620621");
    }
    Ok(())
}

/// A node of the model: the same rules, without database or network.
struct Desk {
    code: RegionCode,
    requests: Vec<Request>,
    accountable: Option<Accountability>,
    waiting: Vec<Note>,
}

impl Desk {
    /// What a signature changes.
    fn learn(&mut self, request: &Request, at: DateTime<Utc>) {
        let moved = Accountability::moved_by(request, at).map(|(row, _)| row);
        let newer = moved.filter(|row| row.replaces(self.accountable.as_ref()));
        self.accountable = newer.or(self.accountable.take());
    }
}

/// Three nodes, one case, and the messages on their way, which may be lost, doubled and overtaken.
struct World {
    policy: &'static PolicyPack,
    now: DateTime<Utc>,
    case: CaseId,
    desks: Vec<Desk>,
    letters: Vec<(usize, RequestStep)>,
}

static PACK: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&"62".parse().unwrap()).unwrap());

const CODES: [&str; 3] = ["620602", "6206", "620621"];

impl World {
    fn new() -> Self {
        let desk = |code: &str| Desk {
            code: code.parse().unwrap(),
            requests: Vec::new(),
            accountable: None,
            waiting: Vec::new(),
        };
        Self {
            policy: &PACK,
            now: testkit::service::BEGINNING.parse().unwrap(),
            case: id(),
            desks: CODES.map(desk).into(),
            letters: Vec::new(),
        }
    }

    /// Whether a node has the case at all: the first from the beginning, the others since they signed for it.
    fn has_case(&self, at: usize) -> bool {
        at == 0 || self.desks[at].accountable.is_some()
    }

    /// The nodes that hold the case: a node that gave it away without knowing yet is judged at the one that signed.
    fn holders(&self) -> Vec<RegionCode> {
        let claims = |at: &usize| {
            let desk = &self.desks[*at];
            let own = desk.accountable.as_ref().map(|row| row.node);
            self.has_case(*at) && own.is_none_or(|node| node == desk.code)
        };
        let given_away = |at: &usize| {
            let desk = &self.desks[*at];
            let known = desk.accountable.as_ref().map_or(0, |row| row.handover);
            // It has come back since when there is a later one.
            let open = desk.requests.iter().filter(|request| {
                request.outgoing
                    && request.handover > known
                    && matches!(request.state, RequestState::Sent | RequestState::Delivered)
            });
            open.into_iter()
                .any(|request| self.signed_elsewhere(request))
        };
        (0..3)
            .filter(claims)
            .filter(|at| !given_away(at))
            .map(|at| self.desks[at].code)
            .collect()
    }

    fn signed_elsewhere(&self, request: &Request) -> bool {
        let there = self.desks.iter().flat_map(|desk| &desk.requests);
        there
            .filter(|other| other.id == request.id && !other.outgoing)
            .any(|other| other.signed_at.is_some())
    }

    fn post(&mut self, request: &Request, notes: &[Note]) {
        let to = self.at(request.other_node());
        for note in notes {
            let step = RequestStep {
                request_id: request.id,
                number: note.number,
                kind: request.kind.clone(),
                case_id: request.case_id,
                from_node: request.from_node,
                to_node: request.to_node,
                by_node: note.by_node,
                step: note.step.to_string(),
                at: note.taken_at,
                text: note.body.clone(),
                sealed_text: None,
                due_on: request.due_on,
                values: request.details.clone(),
                sealed: Some("sealed".to_owned()),
                handover: request.handover,
                figures: None,
                awaits_seen: false,
            };
            self.letters.push((to, step));
        }
    }

    fn at(&self, code: RegionCode) -> usize {
        self.desks
            .iter()
            .position(|desk| desk.code == code)
            .unwrap()
    }

    /// Hands the case over, or tries to.
    fn send(&mut self, from: usize, to: usize) {
        let (desk, now) = (&self.desks[from], self.now);
        let kind = match (from, to) {
            (1, _) => "assign",
            (_, 1) => "report_up",
            _ => "forward",
        };
        let json = body(kind, self.desks[to].code, self.case);
        let order = Order {
            kind: kind.to_owned(),
            to: self.desks[to].code,
            case_id: Some(self.case),
            reason: json["reason"].as_str().map(str::to_owned),
            due_on: json["due_on"].as_str().map(|day| day.parse().unwrap()),
            values: json["values"].clone(),
        };
        let Ok(hands_over) = order.check(self.policy, desk.code, now) else {
            return;
        };
        let open = |request: &&Request| {
            request.outgoing
                && matches!(request.state, RequestState::Sent | RequestState::Delivered)
        };
        let standing = Standing {
            known: desk.accountable.as_ref(),
            under_way: desk.requests.iter().any(|request| open(&request)),
            refused: 0,
            mediated: false,
        };
        let may = order.check_case(self.policy, desk.code, hands_over, &standing);
        let Ok(handover) = may else { return };
        if !self.has_case(from) {
            return;
        }
        let sealed = Some("sealed".to_owned());
        let sent = order.send(
            self.policy,
            (id(), desk.code),
            (hands_over, handover),
            (sealed, None),
            ("x", now),
        );
        let (request, note) = sent.unwrap();
        self.post(&request, &[note]);
        self.desks[from].requests.push(request);
    }

    /// Takes a step of a request, or tries to.
    fn step(&mut self, at: usize, which: usize, step: Step) {
        let count = self.desks[at].requests.len();
        if count == 0 {
            return;
        }
        let (policy, now) = (self.policy, self.now);
        let desk = &mut self.desks[at];
        let request = &mut desk.requests[which % count];
        let kind = terms::kind(policy, &request.kind).unwrap();
        let notes = match step {
            Step::Signed => request.sign(kind, "x", now),
            Step::Refused => request.refuse(policy, kind, "x", now).map(|n| vec![n]),
            Step::Recalled => request.recall(policy, None, now).map(|n| vec![n]),
            Step::Done => request
                .finish(policy, kind, Some("x"), now)
                .map(|n| vec![n]),
            Step::Rework => request.rework(policy, kind, "x", now).map(|n| vec![n]),
            _ => request.urge(policy, None, now).map(|n| vec![n]),
        };
        let Ok(notes) = notes else { return };
        let request = request.clone();
        if step == Step::Signed {
            desk.learn(&request, now);
        }
        self.post(&request, &notes);
    }

    /// Delivers a message; it stays on its way when it is to come twice.
    fn deliver(&mut self, which: usize, twice: bool) {
        if self.letters.is_empty() {
            return;
        }
        let which = which % self.letters.len();
        let (to, step) = if twice {
            self.letters[which].clone()
        } else {
            self.letters.remove(which)
        };
        let note = Note {
            request_id: step.request_id,
            by_node: step.by_node,
            number: step.number,
            step: step.step.parse().unwrap(),
            body: step.text.clone(),
            taken_at: step.at,
            noted_at: self.now,
            applied: false,
            sealed: None,
        };
        let known = |desk: &Desk| desk.requests.iter().any(|r| r.id == step.request_id);
        if !known(&self.desks[to]) && note.step == Step::Sent {
            let code = self.desks[to].code;
            let arrival = Arrival::of(self.policy, code, &step, self.now).unwrap();
            self.post(&arrival.request, &arrival.taken);
            self.desks[to].requests.push(arrival.request);
        } else {
            self.desks[to].waiting.push(note);
        }
        self.take_waiting(to);
    }

    fn take_waiting(&mut self, at: usize) {
        let now = self.now;
        loop {
            let desk = &mut self.desks[at];
            let next = desk.requests.iter_mut().find_map(|request| {
                let note = desk.waiting.iter().find(|note| {
                    note.request_id == request.id && note.number == request.other_steps + 1
                })?;
                Some((request, note.clone()))
            });
            let Some((request, note)) = next else { return };
            let before = request.state;
            let answer = request.apply(&note, now).unwrap();
            if note.step == Step::Signed && request.state != before {
                let request = request.clone();
                desk.learn(&request, note.taken_at);
            }
            let request = desk.requests.iter().find(|r| r.id == note.request_id);
            let request = request.unwrap().clone();
            self.post(&request, answer.as_slice());
        }
    }
}

#[derive(Debug, Clone)]
enum Move {
    Send(usize, usize),
    Step(usize, usize, Step),
    Deliver(usize, bool),
}

fn moves() -> impl Strategy<Value = Move> {
    let step = prop_oneof![
        4 => Just(Step::Signed),
        1 => Just(Step::Refused),
        1 => Just(Step::Recalled),
        1 => Just(Step::Done),
        1 => Just(Step::Rework),
        1 => Just(Step::Urged),
    ];
    prop_oneof![
        2 => (0..3_usize, 0..3_usize).prop_map(|(from, to)| Move::Send(from, to)),
        4 => (0..3_usize, 0..9_usize, step).prop_map(|(at, which, step)| Move::Step(at, which, step)),
        5 => (0..9_usize, prop::bool::weighted(0.2)).prop_map(|(which, twice)| Move::Deliver(which, twice)),
    ]
}

/// A case that came back before the news of its first hand-over did.
#[test]
fn a_late_signature_changes_nothing_that_came_after_it() {
    let mut world = World::new();
    world.send(0, 1);
    world.deliver(0, false);
    world.step(1, 0, Step::Signed);
    world.send(1, 0);
    // The second request overtakes the first one's signature.
    let last = world.letters.len() - 1;
    world.deliver(last, false);
    world.step(0, 1, Step::Signed);
    assert_eq!(world.holders(), [world.desks[0].code]);
    while !world.letters.is_empty() {
        world.deliver(0, false);
        assert_eq!(world.holders(), [world.desks[0].code]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn exactly_one_node_holds_a_case(moves in prop::collection::vec(moves(), 1..120)) {
        let mut world = World::new();
        for step in moves {
            match step {
                Move::Send(from, to) => world.send(from, to),
                Move::Step(at, which, step) => world.step(at, which, step),
                Move::Deliver(which, twice) => world.deliver(which, twice),
            }
            let holders = world.holders();
            prop_assert_eq!(holders.len(), 1, "{:?}", holders);
        }
        // When everything has arrived, everybody who was part of it agrees on every request.
        while !world.letters.is_empty() {
            world.deliver(0, false);
            prop_assert_eq!(world.holders().len(), 1);
        }
        let incoming: Vec<&Request> = world.desks.iter().flat_map(|d| &d.requests).filter(|r| !r.outgoing).collect();
        for request in world.desks.iter().flat_map(|d| &d.requests).filter(|r| r.outgoing) {
            let there = incoming.iter().find(|other| other.id == request.id).unwrap();
            prop_assert_eq!(there.state, request.state);
        }
    }
}
