//! A supervision order, its reply and its end.

use contracts::{events::triage::SupervisionFault, ids::OrganisationId};
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};
use triage::domain::{Demand, Refusal, Supervision, SupervisionState, TriageCase};

use crate::{
    domain::{POLICY, case, now},
    support::id,
};

/// The supervision orders of a case, whose organisation may be supervised.
#[derive(Debug, Clone)]
pub struct World {
    case: TriageCase,
    orders: Vec<Supervision>,
}

#[derive(Debug, Clone)]
pub enum Command {
    Supervise {
        urgent: bool,
        words: bool,
    },
    RanOut,
    Reply {
        which: usize,
        own: bool,
        words: bool,
    },
    Close {
        which: usize,
        words: bool,
        rectified: bool,
    },
}

fn words(some: bool) -> &'static str {
    if some { "限期整改" } else { " " }
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<Supervision>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let which = 0..3_usize;
        prop_oneof![
            any::<(bool, bool)>().prop_map(|(urgent, words)| Command::Supervise { urgent, words }),
            Just(Command::RanOut),
            (which.clone(), any::<(bool, bool)>())
                .prop_map(|(which, (own, words))| Command::Reply { which, own, words }),
            (which, any::<(bool, bool)>()).prop_map(|(which, (words, rectified))| Command::Close {
                which,
                words,
                rectified
            }),
        ]
    }

    fn begin() -> Self {
        let (mut case, _) = case();
        case.organisation_id = Some(id());
        Self {
            case,
            orders: Vec::new(),
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        match *command {
            Command::Supervise {
                urgent,
                words: some,
            } => {
                let demand = Demand {
                    fault: SupervisionFault::ShouldHandle,
                    listed: false,
                    urgent,
                    demand: words(some).to_owned(),
                };
                let issued =
                    Supervision::by_person(id(), &self.case, &demand, "leader", &POLICY, now())?;
                self.orders.push(issued.0);
                Ok(vec!["supervise_case"])
            }
            Command::RanOut => {
                let ran_out = triage::domain::RanOut {
                    clock: "triage.sign".to_owned(),
                    object_id: uuid::Uuid::nil(),
                };
                let whom = self.case.organisation_id;
                let issued =
                    Supervision::by_clock(id(), &self.case, whom, ran_out, &POLICY, now())?;
                self.orders.push(issued.0);
                Ok(vec!["supervise_case"])
            }
            Command::Reply {
                which,
                own,
                words: some,
            } => {
                let stranger: OrganisationId = id();
                let by = if own {
                    self.case.organisation_id
                } else {
                    Some(stranger)
                };
                let Some(order) = self.orders.get_mut(which) else {
                    return Ok(Vec::new());
                };
                *order = order.reply(words(some), by, "receiver", &POLICY, now())?.0;
                Ok(vec!["reply_supervision"])
            }
            Command::Close {
                which,
                words: some,
                rectified,
            } => {
                let Some(order) = self.orders.get_mut(which) else {
                    return Ok(Vec::new());
                };
                *order = order
                    .close(words(some), rectified, "leader", &POLICY, now())?
                    .0;
                Ok(vec!["close_supervision"])
            }
        }
    }

    fn objects(&self) -> Vec<Object> {
        let object = |order: &Supervision| Object::of::<Supervision>(order.id, order.state);
        self.orders.iter().map(object).collect()
    }

    fn check(&self) {
        for order in &self.orders {
            assert_eq!(
                order.reply.is_some(),
                order.state != SupervisionState::Issued
            );
            assert_eq!(
                order.verdict.is_some(),
                order.state == SupervisionState::Closed
            );
            assert!(order.demand.as_deref() != Some(" "));
        }
    }
}
