//! A mediator and their standing.

use contracts::events::mediation::MediatorStanding;
use mediation::domain::{
    Refusal,
    mediator::{ChangeMediator, Mediator, RegisterMediator},
    organisation::Organisation,
};
use proptest::prelude::*;
use serde_json::json;
use testkit::machines::{Object, Table, Walk};

use super::{POLICY, now};
use crate::support::{COUNTY, committee, id};

fn organisation() -> Organisation {
    let request = serde_json::from_value(committee("某调委会", COUNTY)).unwrap();
    Organisation::register(request, &POLICY, id(), now())
        .unwrap()
        .0
}

/// A mediator, once they are registered.
#[derive(Debug, Clone)]
pub struct World {
    organisation: Organisation,
    mediator: Option<Mediator>,
}

#[derive(Debug, Clone)]
pub enum Command {
    Register(&'static str),
    Change(&'static str),
    Stand(MediatorStanding, &'static str),
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<Mediator>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let class = || prop::sample::select(vec!["full_time", "part_time", "nonsense"]);
        let standing = prop::sample::select(MediatorStanding::ALL);
        let reason = prop::sample::select(vec!["学习", "工作调动", " "]);
        prop_oneof![
            class().prop_map(Command::Register),
            class().prop_map(Command::Change),
            (standing, reason).prop_map(|(standing, reason)| Command::Stand(standing, reason)),
        ]
    }

    fn begin() -> Self {
        Self {
            organisation: organisation(),
            mediator: None,
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        match (command, self.mediator.clone()) {
            (Command::Register(class), None) => {
                let request = json!({ "name": "李调解", "class": class });
                let request: RegisterMediator = serde_json::from_value(request).unwrap();
                let registered =
                    Mediator::register(request, &self.organisation, &POLICY, id(), now())?;
                self.mediator = Some(registered.0);
                Ok(vec!["register_mediator"])
            }
            (Command::Change(class), Some(mediator)) => {
                let request = ChangeMediator {
                    class: Some((*class).to_owned()),
                    ..ChangeMediator::default()
                };
                self.mediator = Some(mediator.change(request, &POLICY, now())?.0);
                Ok(Vec::new())
            }
            (Command::Stand(standing, reason), Some(mediator)) => {
                let stands = mediator.stand(*standing, (*reason).to_owned(), &POLICY, now())?;
                self.mediator = Some(stands.0);
                Ok(vec!["set_mediator_standing"])
            }
            _ => Ok(Vec::new()),
        }
    }

    fn objects(&self) -> Vec<Object> {
        let object = |mediator: &Mediator| Object::of::<Mediator>(mediator.id, mediator.standing);
        self.mediator.as_ref().map(object).into_iter().collect()
    }

    fn check(&self) {
        let Some(mediator) = &self.mediator else {
            return;
        };
        let active = mediator.standing == MediatorStanding::Active;
        assert_eq!(mediator.standing_reason.is_none(), active);
        assert_ne!(mediator.class, "nonsense");
    }
}
