//! No sequence of commands leaves the tables: a case, its visits and its ratings.

use anyhow::Result;
use evaluation::domain::{
    case::{Case, CaseState, CloseCommand},
    follow_up::{Findings, FollowUp, FollowUpState},
    rating::Rating,
    refusal::Refusal,
};
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk, complete, walk};

use crate::{
    domain::{POLICY, case, now},
    support::id,
};

/// A case and the visits planned for it.
#[derive(Debug, Clone)]
struct World {
    case: Case,
    visits: Vec<FollowUp>,
}

#[derive(Debug, Clone)]
enum Command {
    End,
    Visit {
        which: usize,
        reached: bool,
        satisfied: Option<bool>,
    },
    Rate(u8),
    Close {
        feedback: bool,
        asked: bool,
        visited: bool,
    },
    Reopen,
    Rework,
    Merge,
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;
    const BEGINS_WITH: &'static [&'static str] = &["register_matter"];

    fn tables() -> Vec<Table> {
        vec![Table::of::<Case>(), Table::of::<FollowUp>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        prop_oneof![
            3 => Just(Command::End),
            3 => (0..3_usize, any::<bool>(), any::<Option<bool>>())
                .prop_map(|(which, reached, satisfied)| Command::Visit { which, reached, satisfied }),
            2 => (0..7_u8).prop_map(Command::Rate),
            3 => any::<(bool, bool, bool)>()
                .prop_map(|(feedback, asked, visited)| Command::Close { feedback, asked, visited }),
            1 => Just(Command::Reopen),
            1 => Just(Command::Rework),
            1 => Just(Command::Merge),
        ]
    }

    fn begin() -> Self {
        Self {
            case: case(),
            visits: Vec::new(),
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let (case, rules) = (self.case.clone(), POLICY.evaluation());
        match *command {
            Command::End => {
                let Some(ended) = case.end(now(), now()) else {
                    return Ok(Vec::new());
                };
                let due = POLICY.due("followup.visit", None, now()).unwrap();
                let visit = FollowUp::schedule(id(), &ended, 1, &due, now());
                self.visits.push(visit.0);
                self.case = ended;
                Ok(vec!["schedule_follow_up"])
            }
            Command::Visit {
                which,
                reached,
                satisfied,
            } => {
                let Some(visit) = self.visits.get_mut(which) else {
                    return Ok(Vec::new());
                };
                let found = Findings {
                    reached,
                    satisfied,
                    ..Findings::default()
                };
                let tries = rules.followup.max_tries;
                let (after, done) = visit.clone().complete(found, "visitor", tries, now())?;
                assert_eq!(reached, satisfied.is_some());
                assert!(u32::try_from(after.tries).unwrap() <= tries);
                *visit = after;
                let done = done.map(|_| "complete_follow_up");
                Ok(vec![done.unwrap_or("try_follow_up")])
            }
            Command::Rate(score) => {
                let by = (case.party_ids[0], true);
                let given = Rating::give(id(), &case, by, (score, None), &rules.rating, now());
                let ended = matches!(case.state, CaseState::FollowUp | CaseState::Closed);
                assert_eq!(given.is_ok(), ended && (1..=5).contains(&score));
                given.map(|_| Vec::new())
            }
            Command::Close {
                feedback,
                asked,
                visited,
            } => {
                let close = CloseCommand {
                    feedback: feedback.then(|| "已告知".to_owned()),
                    feedback_way: None,
                    rating_asked: asked,
                    first_visit_done: visited,
                };
                self.case = case.close(close, &rules.closing, now())?.0;
                assert!(feedback && asked && visited);
                Ok(vec!["close_case"])
            }
            Command::Reopen => {
                let Some(reopened) = case.reopen(now()) else {
                    return Ok(Vec::new());
                };
                self.case = reopened;
                Ok(vec!["reopen_case"])
            }
            Command::Rework => {
                let Some(reworked) = case.rework(now()) else {
                    return Ok(Vec::new());
                };
                self.case = reworked;
                Ok(vec!["rework_order"])
            }
            Command::Merge => {
                let Some(merged) = case.merge(now()) else {
                    return Ok(Vec::new());
                };
                self.case = merged;
                Ok(vec!["merge_case"])
            }
        }
    }

    fn objects(&self) -> Vec<Object> {
        let visits = self.visits.iter();
        let visits = visits.map(|visit| Object::of::<FollowUp>(visit.id, visit.state));
        let case = Object::of::<Case>(self.case.id, self.case.state);
        visits.chain([case]).collect()
    }

    fn check(&self) {
        let case = &self.case;
        assert_eq!(case.closed_at.is_some(), case.state == CaseState::Closed);
        let ended = matches!(case.state, CaseState::FollowUp | CaseState::Closed);
        assert_eq!(case.ended_at.is_some(), ended);
        for visit in &self.visits {
            assert_eq!(visit.done_at.is_some(), visit.state == FollowUpState::Done);
        }
    }
}

#[test]
fn no_sequence_of_commands_leaves_a_table() -> Result<()> {
    complete::<evaluation::Evaluation>(&[walk::<World>()?])
}
