//! The rules alone: no sequence of commands reaches a state, by a way, that the table does not have.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use contracts::{events::judicial_confirmation::RulingOutcome, lifecycle::StateMachine};
use judicial_confirmation::domain::{
    agreement::Agreement,
    application::{Application, ApplicationState},
    court::Ruling,
    parties::ApplyCommand,
    refusal::Refusal,
};
use policy::{PolicyPack, clock::due::beijing_date};
use proptest::prelude::*;

use crate::support::{effective, id};

static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

fn beginning() -> DateTime<Utc> {
    testkit::service::BEGINNING.parse().unwrap()
}

fn agreement(parties: usize) -> Agreement {
    let mut event = effective(beginning());
    event.party_ids = (0..parties).map(|_| id()).collect();
    let due = POLICY
        .due("confirmation.apply", None, event.effective_at)
        .unwrap();
    Agreement::of(event, &due)
}

fn application(agreement: &Agreement) -> Result<Application, Refusal> {
    let command = ApplyCommand {
        id: id(),
        party_id: agreement.party_ids[0],
        court_id: id(),
        court_basis: "domicile".to_owned(),
        materials: ["agreement", "organisation_proof", "identity", "contact"]
            .map(str::to_owned)
            .to_vec(),
    };
    let applied = Application::apply(agreement, command, POLICY.confirmation(), beginning())?;
    Ok(applied.0)
}

/// A command with everything a caller chooses in it.
#[derive(Debug, Clone)]
enum Command {
    Join(usize),
    Withdraw,
    Expire,
    Receive,
    Accept,
    Refuse(&'static str),
    Rule(RulingOutcome, Option<&'static str>, i64),
    Wait(i64),
}

impl Command {
    fn name(&self) -> &'static str {
        match self {
            Self::Join(_) => "join_application",
            Self::Withdraw => "withdraw_application",
            Self::Expire => "expire_application",
            Self::Receive => "receive_application",
            Self::Accept => "accept_application",
            Self::Refuse(_) => "refuse_application",
            Self::Rule(..) => "rule_application",
            Self::Wait(_) => "",
        }
    }

    fn run(&self, application: Application, now: DateTime<Utc>) -> Result<Application, Refusal> {
        let confirmation = POLICY.confirmation();
        Ok(match self {
            Self::Join(party) => {
                let party = application
                    .party_ids
                    .get(*party)
                    .copied()
                    .unwrap_or_else(id);
                application.join(party, now)?.0
            }
            Self::Withdraw => application.withdraw(now)?.0,
            Self::Expire => application.expire(now)?.0,
            Self::Receive => application.receive(now)?.0,
            Self::Accept => application.accept(now)?.0,
            Self::Refuse(reason) => application.refuse(reason, confirmation, now)?.0,
            Self::Rule(outcome, reason, days) => {
                let ruling = Ruling {
                    outcome: *outcome,
                    number: "1".to_owned(),
                    ruled_on: beijing_date(now + Duration::days(*days)),
                    reason: reason.map(str::to_owned),
                };
                application
                    .rule(ruling, confirmation, (now, beijing_date(now)))?
                    .0
            }
            Self::Wait(_) => application,
        })
    }
}

fn commands() -> impl Strategy<Value = Command> {
    let reason = prop::sample::select(vec![
        "wrong_court",
        "late",
        "unclear_content",
        "other",
        "unheard_of",
    ]);
    let outcome = prop::sample::select(vec![RulingOutcome::Valid, RulingOutcome::Dismissed]);
    prop_oneof![
        3 => (0..4_usize).prop_map(Command::Join),
        1 => Just(Command::Withdraw),
        1 => Just(Command::Expire),
        3 => Just(Command::Receive),
        3 => Just(Command::Accept),
        1 => reason.clone().prop_map(Command::Refuse),
        3 => (outcome, prop::option::of(reason), -1..2_i64).prop_map(|(o, r, d)| Command::Rule(o, r, d)),
        1 => (0..20_i64).prop_map(Command::Wait),
    ]
}

proptest! {
    #[test]
    fn no_sequence_of_commands_leaves_the_table(
        parties in 2..4_usize,
        sequence in prop::collection::vec(commands(), 0..24),
    ) {
        let mut now = beginning();
        let mut application = application(&agreement(parties)).unwrap();
        for command in sequence {
            if let Command::Wait(days) = command {
                now += Duration::days(days);
                continue;
            }
            let before = application.clone();
            let Ok(after) = command.run(application, now) else {
                application = before;
                continue;
            };
            let allowed = Application::TRANSITIONS.iter().any(|t| {
                t.command == command.name() && t.from.contains(&before.state) && t.to == after.state
            });
            prop_assert!(allowed, "{} -> {} by {command:?}", before.state, after.state);
            prop_assert_eq!(after.version, before.version + 1);
            let complete = after.waiting_for().next().is_none();
            let joint = !matches!(
                after.state,
                ApplicationState::AwaitOtherParty | ApplicationState::Expired | ApplicationState::Withdrawn
            );
            prop_assert!(complete || !joint, "{} without every party", after.state);
            let ruled = matches!(after.state, ApplicationState::Confirmed | ApplicationState::Dismissed);
            prop_assert_eq!(after.ruling_number.is_some(), ruled);
            prop_assert!(after.applicants.0.iter().all(|a| a.applied_at < after.closes_at));
            application = after;
        }
    }
}

#[test]
fn every_state_is_reached_by_the_table() {
    for state in ApplicationState::ALL {
        assert!(
            Application::TRANSITIONS.iter().any(|t| t.to == *state),
            "{state}"
        );
    }
}

#[test]
fn all_parties_can_be_had_only_once() {
    let agreement = agreement(2);
    let application = application(&agreement).unwrap();
    let refused = application.join(agreement.party_ids[0], beginning());
    assert!(matches!(refused, Err(Refusal::AlreadyApplied)));
}

#[test]
fn property_papers_are_needed_where_property_is_at_stake() {
    let mut agreement = agreement(2);
    agreement.type_code = "homestead".to_owned();
    let Err(Refusal::MaterialsMissing(missing)) = application(&agreement) else {
        panic!("no proof of property was asked for")
    };
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].code, "property_proof");
}
