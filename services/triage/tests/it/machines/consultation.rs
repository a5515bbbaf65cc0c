//! Departments that are called together, report in and come to a conclusion.

use chrono::NaiveDate;
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};
use triage::domain::{
    Consultation, ConsultationCall, ConsultationState, Department, Outcome, Refusal, TriageCase,
};

use crate::{
    domain::{POLICY, case, now},
    support::id,
};

/// The consultation about a case, with its calls.
#[derive(Debug, Clone)]
pub struct World {
    case: TriageCase,
    open: Option<(Consultation, Vec<ConsultationCall>)>,
}

#[derive(Debug, Clone)]
pub enum Command {
    Call {
        departments: usize,
        twice: bool,
    },
    ReportIn(usize),
    Conclude {
        conclusion: &'static str,
        named: bool,
    },
    Merge,
    Follow,
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<Consultation>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let conclusion =
            prop::sample::select(vec!["responsible", "no_consensus", "merged", "nonsense"]);
        prop_oneof![
            4 => (0..4_usize, prop::bool::weighted(0.2))
                .prop_map(|(departments, twice)| Command::Call { departments, twice }),
            4 => (0..4_usize).prop_map(Command::ReportIn),
            2 => (conclusion, any::<bool>())
                .prop_map(|(conclusion, named)| Command::Conclude { conclusion, named }),
            1 => Just(Command::Merge),
            1 => Just(Command::Follow),
        ]
    }

    fn begin() -> Self {
        let (case, _) = case();
        Self { case, open: None }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        if let (Command::Call { departments, twice }, None) = (command, &self.open) {
            let department = |organisation_id| Department {
                call_id: id(),
                organisation_id,
                duty: "到场".to_owned(),
                on_duty: None,
            };
            let mut called: Vec<_> = (0..*departments).map(|_| department(id())).collect();
            if let Some(first) = called.first().filter(|_| *twice) {
                called.push(department(first.organisation_id));
            }
            let why = (false, "研究处置");
            let (open, calls, _) =
                Consultation::call(id(), &self.case, &called, why, "centre", &POLICY, now())?;
            self.open = Some((open, calls));
            return Ok(vec!["call_consultation"]);
        }
        let Some((open, calls)) = &mut self.open else {
            return Ok(Vec::new());
        };
        match *command {
            Command::ReportIn(which) => {
                let Some(call) = calls.get_mut(which) else {
                    return Ok(Vec::new());
                };
                (*open, *call, _) = open.report_in(call, "officer", now())?;
                Ok(vec!["report_in"])
            }
            Command::Conclude { conclusion, named } => {
                let day: NaiveDate = "2026-09-30".parse().unwrap();
                let outcome = Outcome {
                    conclusion: conclusion.to_owned(),
                    minutes: "会议纪要".to_owned(),
                    responsible_organisation: named.then(id),
                    due_on: named.then_some(day),
                };
                *open = open.conclude(calls, &outcome, "centre", &POLICY, now())?.0;
                Ok(vec!["conclude_consultation"])
            }
            Command::Merge => {
                *open = open.end_merged(calls, now())?.0;
                Ok(vec!["merge_case"])
            }
            Command::Follow => {
                *open = open.follow(&case().0);
                Ok(Vec::new())
            }
            Command::Call { .. } => Ok(Vec::new()),
        }
    }

    fn objects(&self) -> Vec<Object> {
        let open = self.open.as_ref();
        let object =
            |(open, _): &(Consultation, _)| Object::of::<Consultation>(open.id, open.state);
        open.map(object).into_iter().collect()
    }

    fn check(&self) {
        let Some((open, calls)) = &self.open else {
            return;
        };
        let concluded = open.state == ConsultationState::Concluded;
        assert_eq!(open.conclusion.is_some(), concluded);
        assert_eq!(open.concluded_at.is_some(), concluded);
        // Somebody is responsible until a day, or nobody is.
        let responsible = open.conclusion.as_deref() == Some("responsible");
        assert_eq!(open.responsible_organisation.is_some(), responsible);
        assert_eq!(open.due_on.is_some(), responsible);
        assert!(calls.len() >= 2, "one department needs no consultation");
    }
}
