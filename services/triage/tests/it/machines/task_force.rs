//! A task force, its plan, its reports and its end.

use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};
use triage::domain::{
    Finding, Purpose, Refusal, Study, TaskForce, TaskForceState, Team, TriageCase,
};

use crate::{
    domain::{POLICY, case, now},
    support::{COUNTY, id},
};

/// The studies of a case, and task forces for it or for a project.
#[derive(Debug, Clone)]
pub struct World {
    case: TriageCase,
    studies: Vec<Study>,
    forces: Vec<TaskForce>,
}

#[derive(Debug, Clone)]
pub enum Command {
    Study { level: &'static str, advises: bool },
    Form { project: bool, basis: &'static str },
    Plan { which: usize, words: bool },
    Report { which: usize, words: bool },
    Dissolve { which: usize, words: bool },
    Merge(usize),
    Follow(usize),
}

fn words(some: bool) -> &'static str {
    if some { "工作方案" } else { "" }
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<TaskForce>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let level = prop::sample::select(vec!["post", "centre", "joint_meeting", "nonsense"]);
        let basis = prop::sample::select(vec!["major", "mass", "nonsense"]);
        let on = || (0..3_usize, prop::bool::weighted(0.8));
        prop_oneof![
            6 => (level, prop::bool::weighted(0.8)).prop_map(|(level, advises)| Command::Study { level, advises }),
            2 => (any::<bool>(), basis).prop_map(|(project, basis)| Command::Form { project, basis }),
            2 => on().prop_map(|(which, words)| Command::Plan { which, words }),
            2 => on().prop_map(|(which, words)| Command::Report { which, words }),
            1 => on().prop_map(|(which, words)| Command::Dissolve { which, words }),
            1 => (0..3_usize).prop_map(Command::Merge),
            1 => (0..3_usize).prop_map(Command::Follow),
        ]
    }

    fn begin() -> Self {
        let (case, _) = case();
        Self {
            case,
            studies: Vec::new(),
            forces: Vec::new(),
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        match *command {
            Command::Study { level, advises } => {
                let finding = Finding {
                    level: level.to_owned(),
                    opinion: "研判意见".to_owned(),
                    advises_task_force: advises,
                };
                let study = Study::hold(
                    id(),
                    &self.case,
                    &finding,
                    &self.studies,
                    "centre",
                    &POLICY,
                    now(),
                )?;
                self.studies.push(study.0);
                return Ok(Vec::new());
            }
            Command::Form { project, basis } => {
                let purpose = if project {
                    Purpose::Project("引水工程", COUNTY.parse().unwrap())
                } else {
                    Purpose::Case(&self.case, &self.studies)
                };
                let team = Team {
                    basis: basis.to_owned(),
                    lead: "leader".to_owned(),
                    organisations: vec![id()],
                    assignment: "包案化解".to_owned(),
                };
                let formed = TaskForce::form(id(), &purpose, &team, "centre", &POLICY, now())?;
                self.forces.push(formed.0);
                return Ok(vec!["form_task_force"]);
            }
            _ => {}
        }
        let (Command::Plan { which, .. }
        | Command::Report { which, .. }
        | Command::Dissolve { which, .. }
        | Command::Merge(which)
        | Command::Follow(which)) = *command
        else {
            return Ok(Vec::new());
        };
        let Some(force) = self.forces.get_mut(which) else {
            return Ok(Vec::new());
        };
        match *command {
            Command::Plan { words: some, .. } => {
                *force = force.plan(words(some), &POLICY, now())?.0;
                Ok(vec!["plan_task_force"])
            }
            Command::Report { words: some, .. } => {
                *force = force.report(id(), words(some), "member", &POLICY, now())?.0;
                Ok(vec!["report_task_force"])
            }
            Command::Dissolve { words: some, .. } => {
                *force = force.dissolve(words(some), some, &POLICY, now())?.0;
                Ok(vec!["dissolve_task_force"])
            }
            Command::Merge(_) => {
                *force = force.end_merged(now())?.0;
                Ok(vec!["merge_case"])
            }
            _ => {
                *force = force.follow(&case().0);
                Ok(Vec::new())
            }
        }
    }

    fn objects(&self) -> Vec<Object> {
        let object = |force: &TaskForce| Object::of::<TaskForce>(force.id, force.state);
        self.forces.iter().map(object).collect()
    }

    fn check(&self) {
        let advised = self
            .studies
            .iter()
            .any(|study| study.level == "joint_meeting" && study.advises_task_force);
        for force in &self.forces {
            assert!(
                force.project.is_some() || advised,
                "formed against the studies"
            );
            let dissolved = force.state == TaskForceState::Dissolved;
            assert_eq!(force.result.is_some(), dissolved);
            assert!(force.plan.is_some() || force.state != TaskForceState::Planned);
        }
    }
}
