//! An appointment with an organisation.

use chrono::{DateTime, Duration, Utc};
use intake::domain::{
    Refusal,
    appointment::{Appointment, AppointmentState, Wish},
};
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};

use super::id;
use crate::domain::matter::{POLICY, beginning};

/// An appointment, once it is asked for.
#[derive(Debug, Clone)]
pub struct World {
    appointment: Option<Appointment>,
    now: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub enum Command {
    /// In so many hours, when so many others are there then.
    Ask(i64, i64),
    Confirm,
    Cancel,
    End(bool),
    Wait(i64),
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<Appointment>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        prop_oneof![
            // Office hours of the day and the next one.
            6 => (prop::sample::select(vec![0_i64, 1, 5, 6, 24, 25]), 0..3_i64).prop_map(|(hours, taken)| Command::Ask(hours, taken)),
            3 => Just(Command::Confirm),
            1 => Just(Command::Cancel),
            2 => any::<bool>().prop_map(Command::End),
            2 => (1..8_i64).prop_map(Command::Wait),
        ]
    }

    fn begin() -> Self {
        Self {
            appointment: None,
            now: beginning(),
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let now = self.now;
        match (command, &mut self.appointment) {
            (Command::Wait(hours), _) => {
                self.now += Duration::hours(*hours);
                Ok(Vec::new())
            }
            (Command::Ask(hours, taken), none @ None) => {
                let wish = Wish {
                    id: id(),
                    organisation: (id(), "620602".parse().unwrap()),
                    matter_id: None,
                    topic: "调解".to_owned(),
                    starts_at: now + Duration::hours(*hours),
                    by: "person".to_owned(),
                };
                *none = Some(Appointment::ask(wish, *taken, &POLICY, now)?.0);
                Ok(vec!["ask_appointment"])
            }
            (Command::Confirm, Some(appointment)) => {
                appointment.confirm(now)?;
                Ok(vec!["confirm_appointment"])
            }
            (Command::Cancel, Some(appointment)) => {
                appointment.cancel("有事".to_owned(), now)?;
                Ok(vec!["cancel_appointment"])
            }
            (Command::End(came), Some(appointment)) => {
                appointment.end(*came, now)?;
                let command = if *came {
                    "keep_appointment"
                } else {
                    "miss_appointment"
                };
                Ok(vec![command])
            }
            _ => Ok(Vec::new()),
        }
    }

    fn objects(&self) -> Vec<Object> {
        let object = |one: &Appointment| Object::of::<Appointment>(one.id, one.state);
        self.appointment.as_ref().map(object).into_iter().collect()
    }

    fn check(&self) {
        let Some(appointment) = &self.appointment else {
            return;
        };
        let ended = [AppointmentState::Kept, AppointmentState::NoShow];
        assert!(!ended.contains(&appointment.state) || appointment.starts_at <= self.now);
        let cancelled = appointment.state == AppointmentState::Cancelled;
        assert_eq!(appointment.note.is_some(), cancelled);
    }
}
