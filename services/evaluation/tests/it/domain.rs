//! The rules alone: no sequence of commands reaches a state, by a way, that the tables do not have.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use contracts::{events::triage::RiskColour, lifecycle::StateMachine};
use evaluation::domain::{
    case::{Case, CaseState, CloseCommand},
    follow_up::{Findings, FollowUp, FollowUpState, days_of},
    rating::Rating,
    refusal::Refusal,
};
use policy::PolicyPack;
use proptest::prelude::*;

use crate::support::{COUNTY, id};

static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

fn now() -> DateTime<Utc> {
    testkit::service::BEGINNING.parse().unwrap()
}

fn case() -> Case {
    let mut case = Case::new(id(), COUNTY.parse().unwrap(), now());
    case.party_ids = vec![id(), id()];
    case
}

fn visit(case: &Case) -> FollowUp {
    let due = POLICY.due("followup.visit", None, now()).unwrap();
    FollowUp::schedule(id(), case, 1, &due, now()).0
}

fn allowed<M: StateMachine>(from: M::State, to: M::State, command: &str) -> bool {
    M::TRANSITIONS
        .iter()
        .any(|t| t.command == command && t.from.contains(&from) && t.to == to)
}

#[derive(Debug, Clone)]
enum Command {
    End,
    Close {
        feedback: bool,
        asked: bool,
        visited: bool,
    },
    Rate(u8),
}

fn commands() -> impl Strategy<Value = Command> {
    prop_oneof![
        Just(Command::End),
        any::<(bool, bool, bool)>().prop_map(|(feedback, asked, visited)| Command::Close {
            feedback,
            asked,
            visited
        }),
        (0..7_u8).prop_map(Command::Rate),
    ]
}

proptest! {
    #[test]
    fn no_sequence_of_commands_takes_a_case_off_the_table(
        sequence in prop::collection::vec(commands(), 0..16),
    ) {
        let rules = POLICY.evaluation();
        let mut case = case();
        for command in sequence {
            let before = case.clone();
            match command {
                Command::End => {
                    if let Some(after) = case.clone().end(now(), now()) {
                        prop_assert!(allowed::<Case>(before.state, after.state, "schedule_follow_up"));
                        case = after;
                    }
                }
                Command::Close { feedback, asked, visited } => {
                    let close = CloseCommand {
                        feedback: feedback.then(|| "已告知".to_owned()),
                        feedback_way: None,
                        rating_asked: asked,
                        first_visit_done: visited,
                    };
                    if let Ok((after, _)) = case.clone().close(close, &rules.closing, now()) {
                        prop_assert!(feedback && asked && visited);
                        prop_assert!(allowed::<Case>(before.state, after.state, "close_case"));
                        prop_assert!(after.closed_at.is_some());
                        case = after;
                    }
                }
                Command::Rate(score) => {
                    let said = (score, None);
                    let given = Rating::give(id(), &case, (case.party_ids[0], true), said, &rules.rating, now());
                    prop_assert_eq!(given.is_ok(), case.state != CaseState::Open && (1..=5).contains(&score));
                }
            }
            if case.state != before.state {
                prop_assert_eq!(case.version, before.version + 1);
            }
        }
    }

    #[test]
    fn no_sequence_of_records_takes_a_visit_off_the_table(
        sequence in prop::collection::vec((any::<bool>(), prop::option::of(any::<bool>())), 0..8),
    ) {
        let tries_allowed = POLICY.evaluation().followup.max_tries;
        let mut visit = visit(&case());
        for (reached, satisfied) in sequence {
            let before = visit.clone();
            let found = Findings { reached, satisfied, ..Findings::default() };
            let Ok((after, event)) = visit.clone().complete(found, "visitor", tries_allowed, now()) else {
                continue;
            };
            prop_assert_eq!(reached, satisfied.is_some());
            let command = if event.is_some() { "complete_follow_up" } else { "try_follow_up" };
            prop_assert!(allowed::<FollowUp>(before.state, after.state, command));
            prop_assert_eq!(after.state == FollowUpState::Done, event.is_some());
            prop_assert!(u32::try_from(after.tries).unwrap() <= tries_allowed);
            prop_assert_eq!(after.version, before.version + 1);
            visit = after;
        }
    }
}

#[test]
fn a_stranger_does_not_rate() {
    let case = case().end(now(), now()).unwrap();
    let scale = &POLICY.evaluation().rating;
    let given = Rating::give(id(), &case, (id(), false), (5, None), scale, now());
    assert_eq!(given.unwrap_err(), Refusal::NotAParty);
}

#[test]
fn the_visits_of_a_plan_are_counted_from_one() {
    let plan = POLICY
        .evaluation()
        .plan("contract.debt", RiskColour::Red)
        .unwrap();
    let days: Vec<_> = (0..=6).map(|visit| days_of(plan, visit)).collect();
    assert_eq!(
        days,
        [None, Some(7), Some(14), Some(21), Some(28), Some(90), None]
    );
}
