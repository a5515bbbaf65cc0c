//! A petition, its review and its re-review.

use chrono::{DateTime, Duration, Utc};
use contracts::events::intake::{MatterClass, PetitionKind};
use intake::domain::{
    Refusal,
    matter::{Matter, MatterState},
    petition::{Petition, PetitionClocks, PetitionState},
};
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};

use crate::domain::matter::{POLICY, beginning, matter};

/// The petition of an accepted matter.
#[derive(Debug, Clone)]
pub struct World {
    matter: Matter,
    petition: Option<Petition>,
    now: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub enum Command {
    Decide(PetitionKind, &'static str),
    Extend,
    Answer,
    /// So many days ago.
    Serve(i64),
    AskReview,
    LetStand,
    Wait(i64),
}

fn clocks() -> PetitionClocks<'static> {
    let rule = |id| POLICY.clock(id, None).unwrap();
    PetitionClocks {
        handle: rule("petition.handle"),
        ask: rule("petition.ask_review"),
        review: rule("petition.review"),
        calendar: POLICY.calendar(),
    }
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<Petition>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let way = prop::sample::select(vec![
            "petition_opinion",
            "petition_opinion",
            "arbitration",
            "study",
        ]);
        let kind = prop::sample::select(PetitionKind::ALL);
        prop_oneof![
            4 => (kind, way).prop_map(|(kind, way)| Command::Decide(kind, way)),
            2 => Just(Command::Extend),
            4 => Just(Command::Answer),
            3 => (-1..3_i64).prop_map(Command::Serve),
            4 => Just(Command::AskReview),
            1 => Just(Command::LetStand),
            2 => (0..25_i64).prop_map(Command::Wait),
        ]
    }

    fn begin() -> Self {
        let matter = Matter {
            class: MatterClass::Petition,
            state: MatterState::Accepted,
            decided_at: Some(beginning()),
            ..matter()
        };
        Self {
            matter,
            petition: None,
            now: beginning(),
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let (matter, now, clocks) = (&self.matter, self.now, clocks());
        if let Command::Wait(days) = command {
            self.now += Duration::days(*days);
            return Ok(Vec::new());
        }
        if let Command::Decide(kind, way) = command {
            let way = POLICY.intake().petition_way(way).unwrap();
            let before = self.petition.as_ref();
            let (petition, _) = Petition::decide(matter, before, *kind, way, &clocks, now)?;
            self.petition = Some(petition);
            let here = if way.handled_here {
                "decide_petition"
            } else {
                "guide_petition"
            };
            return Ok(vec![here]);
        }
        let Some(petition) = &mut self.petition else {
            return Ok(Vec::new());
        };
        match *command {
            Command::Extend => {
                petition.check_extendable(&clocks)?;
                let due = clocks.handle.due(beginning(), clocks.calendar);
                let longer = clocks.handle.extend(&due, 0, clocks.calendar).unwrap();
                petition.extend(matter, longer, now)?;
                Ok(vec!["extend_petition"])
            }
            Command::Answer => {
                petition.answer(matter, now)?;
                Ok(vec!["answer_petition"])
            }
            Command::Serve(days) => {
                petition.serve(matter, now - Duration::days(days), &clocks, now)?;
                Ok(vec!["serve_petition"])
            }
            Command::AskReview => {
                petition.ask_review(matter, &clocks, now)?;
                Ok(vec!["ask_petition_review"])
            }
            Command::LetStand => {
                petition.let_stand(now);
                Ok(Vec::new())
            }
            Command::Decide(..) | Command::Wait(_) => Ok(Vec::new()),
        }
    }

    fn objects(&self) -> Vec<Object> {
        let petition = self.petition.as_ref();
        let object =
            |petition: &Petition| Object::of::<Petition>(petition.matter_id, petition.state);
        petition.map(object).into_iter().collect()
    }

    fn check(&self) {
        use PetitionState::{Concluded, Final, Guided, Handling, ReReviewing, Reviewed, Reviewing};
        let Some(petition) = &self.petition else {
            return;
        };
        assert!(
            petition.extensions <= 1,
            "lengthened once at most (信访工作条例 34)"
        );
        match petition.state {
            // The time to answer runs.
            Handling | Reviewing | ReReviewing => {
                assert!(
                    petition.due_at.is_some()
                        && petition.served_at.is_none()
                        && petition.ended_at.is_none()
                );
            }
            // The time to ask for a review runs from the receipt.
            Concluded | Reviewed => {
                assert_eq!(petition.due_at.is_some(), petition.served_at.is_some())
            }
            Guided | Final => assert!(petition.ended_at.is_some() && petition.due_at.is_none()),
        }
    }
}
