//! A matter, from its registration to what was decided.

use chrono::{DateTime, Duration, Utc};
use intake::domain::{
    Refusal,
    correction::{Correction, Missing},
    matter::{Matter, MatterState},
};
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};

use crate::domain::matter::{POLICY, beginning, matter};

/// A matter, and the list of what was missing.
#[derive(Debug, Clone)]
pub struct World {
    matter: Matter,
    correction: Option<Correction>,
    now: DateTime<Utc>,
    /// The first who decided on it.
    first: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Command {
    AskCorrection(u8),
    Supply(u8),
    Amend,
    Lapse,
    Answer(u8),
    Decline(u8),
    Accept(u8),
    Wait,
}

fn clerk(who: u8) -> String {
    format!("clerk-{who}")
}

impl World {
    fn decided(&mut self, command: &'static str, by: u8) -> Vec<&'static str> {
        self.first.get_or_insert_with(|| clerk(by));
        vec![command]
    }
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;
    const BEGINS_WITH: &'static [&'static str] = &["register_matter"];

    fn tables() -> Vec<Table> {
        vec![Table::of::<Matter>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let who = 0..3_u8;
        prop_oneof![
            3 => who.clone().prop_map(Command::AskCorrection),
            3 => who.clone().prop_map(Command::Supply),
            3 => Just(Command::Amend),
            1 => Just(Command::Lapse),
            1 => who.clone().prop_map(Command::Answer),
            1 => who.clone().prop_map(Command::Decline),
            1 => who.prop_map(Command::Accept),
            2 => Just(Command::Wait),
        ]
    }

    fn begin() -> Self {
        Self {
            matter: matter(),
            correction: None,
            now: beginning(),
            first: None,
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let (matter, now) = (&mut self.matter, self.now);
        match command {
            Command::Wait => {
                self.now += Duration::hours(7);
                Ok(Vec::new())
            }
            Command::AskCorrection(by) => {
                let materials = ["identity".to_owned()];
                let missing = Missing {
                    materials: &materials,
                    note: None,
                };
                missing.check(&POLICY)?;
                let due = POLICY.due("matter.correct", None, now).unwrap();
                let before = self.correction.as_ref();
                let asked = matter.ask_correction(&missing, before, due, &clerk(*by), now)?;
                self.correction = Some(asked.0);
                Ok(self.decided("ask_correction", *by))
            }
            Command::Supply(by) => {
                let Some(correction) = &mut self.correction else {
                    return Ok(Vec::new());
                };
                matter.supply_correction(correction, "身份证".to_owned(), &clerk(*by), now)?;
                Ok(vec!["supply_correction"])
            }
            Command::Amend => matter.amend(now).map(|()| vec!["amend_matter"]),
            Command::Lapse => matter.lapse(now).map(|_| vec!["lapse_matter"]),
            Command::Answer(by) => {
                matter.answer("legal_advice", "好".to_owned(), &clerk(*by), now)?;
                Ok(self.decided("answer_matter", *by))
            }
            Command::Decline(by) => {
                let reason = POLICY.intake().decline_reason("other").unwrap();
                matter.decline(reason, None, &clerk(*by), now)?;
                Ok(self.decided("decline_matter", *by))
            }
            Command::Accept(by) => {
                matter.accept("1".to_owned(), Vec::new(), &clerk(*by), now)?;
                Ok(self.decided("accept_matter", *by))
            }
        }
    }

    fn objects(&self) -> Vec<Object> {
        vec![Object::of::<Matter>(self.matter.id, self.matter.state)]
    }

    fn check(&self) {
        let (matter, state) = (&self.matter, self.matter.state);
        // Who is asked first answers for it until the end (首问负责).
        assert_eq!(matter.first_asked, self.first);
        assert_eq!(
            matter.acceptance_number.is_some(),
            state == MatterState::Accepted
        );
        assert_eq!(
            matter.remedy_zh.is_some(),
            state == MatterState::NotAccepted
        );
        let undecided = [MatterState::Registered, MatterState::Correcting];
        assert_eq!(matter.decided_at.is_none(), undecided.contains(&state));
        assert!(self.correction.is_some() || state != MatterState::Correcting);
    }
}
