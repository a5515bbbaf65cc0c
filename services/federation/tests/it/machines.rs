//! No sequence of commands leaves the table: a request as its two nodes keep it, and the messages between them.

use std::{collections::VecDeque, sync::LazyLock};

use anyhow::Result;
use chrono::{DateTime, Utc};
use contracts::{border::RequestStep, ids::CaseId, lifecycle::StateMachine as _};
use federation::domain::{Arrival, Note, Order, Refusal, Request, Step, terms};
use policy::PolicyPack;
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk, complete, walk};

use crate::requests::support::{body, id};

static PACK: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&"62".parse().unwrap()).unwrap());

/// The request at the county that sends it and at the city that receives it.
#[derive(Debug, Clone, Default)]
struct World {
    sender: Option<Request>,
    receiver: Option<Request>,
    to_receiver: VecDeque<Note>,
    to_sender: VecDeque<Note>,
}

#[derive(Debug, Clone)]
enum Command {
    Send(&'static str),
    /// The next message arrives.
    Arrive {
        at_receiver: bool,
    },
    /// A step that a person takes, or tries to.
    Take {
        at_receiver: bool,
        step: Step,
        words: bool,
    },
}

fn now() -> DateTime<Utc> {
    testkit::service::BEGINNING.parse().unwrap()
}

/// The table's command of a step.
fn name(step: Step) -> &'static str {
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

impl World {
    fn send(&mut self, kind: &str) -> Result<Vec<&'static str>, Refusal> {
        let case: CaseId = id();
        let (from, to) = ("620602".parse().unwrap(), "6206".parse().unwrap());
        let json = body(kind, to, case);
        let order = Order {
            kind: kind.to_owned(),
            to,
            case_id: Some(case),
            reason: json["reason"].as_str().map(str::to_owned),
            due_on: json["due_on"].as_str().map(|day| day.parse().unwrap()),
            values: json["values"].clone(),
        };
        let hands_over = order.check(&PACK, from, now())?;
        let sealed = (kind == "report_up").then(|| "sealed".to_owned());
        let ids = (id(), from);
        let sent = order.send(&PACK, ids, (hands_over, 1), (sealed, None), ("x", now()))?;
        self.sender = Some(sent.0);
        self.to_receiver.push_back(sent.1);
        Ok(vec!["send_request"])
    }

    /// The request itself arrives.
    fn deliver(&mut self, sent: &Note) -> Result<Vec<&'static str>, Refusal> {
        let Some(request) = &self.sender else {
            return Ok(Vec::new());
        };
        let step = RequestStep {
            request_id: request.id,
            number: sent.number,
            kind: request.kind.clone(),
            case_id: request.case_id,
            from_node: request.from_node,
            to_node: request.to_node,
            by_node: sent.by_node,
            step: sent.step.to_string(),
            at: sent.taken_at,
            text: sent.body.clone(),
            sealed_text: None,
            due_on: request.due_on,
            values: request.details.clone(),
            sealed: (request.kind == "report_up").then(|| "sealed".to_owned()),
            handover: request.handover,
            figures: None,
            awaits_seen: false,
        };
        let arrival = Arrival::of(&PACK, request.to_node, &step, now())?;
        self.to_sender.extend(arrival.taken);
        self.receiver = Some(arrival.request);
        Ok(vec!["send_request", "deliver_request"])
    }

    fn arrive(&mut self, at_receiver: bool) -> Result<Vec<&'static str>, Refusal> {
        let (at, waiting, answers) = if at_receiver {
            (
                &mut self.receiver,
                &mut self.to_receiver,
                &mut self.to_sender,
            )
        } else {
            (&mut self.sender, &mut self.to_sender, &mut self.to_receiver)
        };
        let Some(note) = waiting.pop_front() else {
            return Ok(Vec::new());
        };
        let Some(request) = at else {
            return self.deliver(&note);
        };
        let command = name(note.step);
        let step = Request::transition(Some(request.state), command);
        answers.extend(request.apply(&note, now())?);
        // What came too late to matter is noted and changes nothing.
        Ok(step.map(|_| command).into_iter().collect())
    }

    fn take(
        &mut self,
        at_receiver: bool,
        step: Step,
        words: bool,
    ) -> Result<Vec<&'static str>, Refusal> {
        let (at, messages) = if at_receiver {
            (&mut self.receiver, &mut self.to_sender)
        } else {
            (&mut self.sender, &mut self.to_receiver)
        };
        let Some(request) = at else {
            return Ok(Vec::new());
        };
        let kind = terms::kind(&PACK, &request.kind)?;
        let words = if words { "说明" } else { "" };
        let notes = match step {
            Step::Signed => request.sign(kind, "x", now())?,
            Step::Refused => vec![request.refuse(&PACK, kind, words, now())?],
            Step::FedBack => vec![request.feed_back(&PACK, words, now())?],
            Step::Done => vec![request.finish(&PACK, kind, Some(words), now())?],
            Step::Rework => vec![request.rework(&PACK, kind, words, now())?],
            Step::Urged => vec![request.urge(&PACK, None, now())?],
            // It is asked for; the receiver decides.
            _ => {
                messages.push_back(request.recall(&PACK, None, now())?);
                return Ok(Vec::new());
            }
        };
        let names = notes.iter().map(|note| name(note.step)).collect();
        messages.extend(notes);
        Ok(names)
    }
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<Request>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let steps = [
            Step::Signed,
            Step::Refused,
            Step::FedBack,
            Step::Done,
            Step::Rework,
            Step::Urged,
            Step::Recalled,
        ];
        let take = (
            any::<bool>(),
            prop::sample::select(steps.to_vec()),
            prop::bool::weighted(0.8),
        );
        prop_oneof![
            1 => prop::sample::select(vec!["report_up", "report_up", "warn"]).prop_map(Command::Send),
            3 => any::<bool>().prop_map(|at_receiver| Command::Arrive { at_receiver }),
            4 => take.prop_map(|(at_receiver, step, words)| Command::Take { at_receiver, step, words }),
        ]
    }

    fn begin() -> Self {
        Self::default()
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        match *command {
            Command::Send(_) if self.sender.is_some() => Ok(Vec::new()),
            Command::Send(kind) => self.send(kind),
            Command::Arrive { at_receiver } => self.arrive(at_receiver),
            Command::Take {
                at_receiver,
                step,
                words,
            } => self.take(at_receiver, step, words),
        }
    }

    fn objects(&self) -> Vec<Object> {
        let sides = [("sender", &self.sender), ("receiver", &self.receiver)];
        let object = |(side, request): (&str, &Option<Request>)| {
            let request = request.as_ref()?;
            Some(Object::of::<Request>(side, request.state))
        };
        sides.into_iter().filter_map(object).collect()
    }

    fn check(&self) {
        if let (Some(sender), Some(receiver)) = (&self.sender, &self.receiver)
            && self.to_sender.is_empty()
            && self.to_receiver.is_empty()
        {
            assert_eq!(sender.state, receiver.state, "all has arrived");
        }
    }
}

#[test]
fn no_sequence_of_commands_leaves_a_table() -> Result<()> {
    complete::<federation::Federation>(&[walk::<World>()?])
}
