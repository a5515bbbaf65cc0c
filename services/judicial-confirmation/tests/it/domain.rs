//! The rules alone: no sequence of commands reaches a state, by a way, that the table does not have.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use contracts::{
    events::judicial_confirmation::{ObjectionOutcome, RulingOutcome},
    lifecycle::StateMachine,
};
use judicial_confirmation::domain::{
    agreement::Agreement,
    application::{Application, ApplicationState},
    course::{Questioning, Served},
    court::Ruling,
    objection::{Decision, Objector},
    parties::{ApplyCommand, Manner, Terms},
    refusal::Refusal,
    review::Asked,
    venue::Places,
};
use policy::{PolicyPack, clock::due::beijing_date};
use proptest::prelude::*;

use crate::support::{COUNTY, court, effective, id};

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
    let applied = Application::apply(
        agreement,
        command(agreement),
        POLICY.confirmation(),
        beginning(),
    )?;
    Ok(applied.0)
}

fn command(agreement: &Agreement) -> ApplyCommand {
    ApplyCommand {
        id: id(),
        party_id: agreement.party_ids[0],
        terms: Terms {
            court_id: court(),
            court_basis: "domicile".to_owned(),
            places: Places {
                organisations: Vec::new(),
                declared: vec![("domicile".to_owned(), COUNTY.parse().unwrap())],
            },
            materials: ["agreement", "organisation_proof", "identity", "contact"]
                .map(str::to_owned)
                .to_vec(),
            manner: AT_WINDOW,
        },
    }
}

const AT_WINDOW: Manner = Manner {
    at_window: true,
    by_hand: false,
};

fn codes(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
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
    Ask(&'static [&'static str], bool),
    Supply(&'static [&'static str], bool),
    Lapse(&'static str),
    Question(usize),
    Object(usize),
    Decide(ObjectionOutcome),
    Suspend,
    Resume,
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
            Self::Ask(..) => "ask_supplement",
            Self::Supply(..) => "supply_supplement",
            Self::Lapse(_) => "treat_as_withdrawn",
            Self::Question(_) => "question_parties",
            Self::Object(_) => "object_to_ruling",
            Self::Decide(_) => "decide_objection",
            Self::Suspend | Self::Resume | Self::Wait(_) => "",
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
                application.join(party, AT_WINDOW, now)?.0
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
            Self::Ask(materials, statement) => {
                let asked = Asked {
                    materials: codes(materials),
                    statement: statement.then(|| "请说明履行期限".to_owned()),
                };
                let due = POLICY.due("confirmation.supplement", None, now).unwrap();
                application
                    .ask_supplement(asked, &due, confirmation, now)?
                    .0
            }
            Self::Supply(materials, answered) => {
                let answer = answered.then(|| "年底前付清".to_owned());
                application
                    .supply(&codes(materials), answer, confirmation, now)?
                    .0
            }
            Self::Lapse(reason) => application.treat_as_withdrawn(reason, confirmation, now)?.0,
            Self::Question(present) => {
                let held = Questioning {
                    held_on: beijing_date(now),
                    way: "online".to_owned(),
                    present: application
                        .party_ids
                        .iter()
                        .take(*present)
                        .copied()
                        .collect(),
                };
                application
                    .question(held, confirmation, (now, beijing_date(now)))?
                    .0
            }
            Self::Object(days) => {
                let party_id = application.party_ids[0];
                let today = beijing_date(now);
                let served = Served {
                    party_id,
                    received_on: today,
                    last_day: today,
                };
                let served = application.clone().serve(served, (now, today));
                let application = served.map_or(application, |served| served.0);
                let later = now + Duration::days(i64::try_from(*days).unwrap());
                let at = (later, beijing_date(later));
                let objector = Objector::Party(party_id);
                application.object(objector, "不实".to_owned(), at)?.0
            }
            Self::Decide(outcome) => {
                let decision = Decision {
                    outcome: *outcome,
                    number: "2".to_owned(),
                    decided_on: beijing_date(now),
                };
                application
                    .decide_objection(decision, (now, beijing_date(now)))?
                    .0
            }
            Self::Suspend => {
                let reason = ("sham_mediation", true);
                application.suspend(reason, confirmation, now)?.0
            }
            Self::Resume => application.resume(now)?.0,
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
        2 => (any::<bool>(), any::<bool>()).prop_map(|(papers, said)| Command::Ask(if papers { &["identity"] } else { &[] }, said)),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(papers, said)| Command::Supply(if papers { &["identity"] } else { &[] }, said)),
        1 => prop::sample::select(vec!["no_supplement", "unheard_of"]).prop_map(Command::Lapse),
        3 => (0..4_usize).prop_map(Command::Question),
        2 => (0..2_usize).prop_map(Command::Object),
        2 => prop::sample::select(ObjectionOutcome::ALL.to_vec()).prop_map(Command::Decide),
        1 => Just(Command::Suspend),
        2 => Just(Command::Resume),
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
            if matches!(command, Command::Suspend | Command::Resume) {
                prop_assert_eq!(after.state, before.state);
                application = after;
                continue;
            }
            let allowed = Application::TRANSITIONS.iter().any(|t| {
                t.command == command.name() && t.from.contains(&before.state) && t.to == after.state
            });
            prop_assert!(allowed, "{} -> {} by {command:?}", before.state, after.state);
            prop_assert!(after.version > before.version);
            let was_suspended = before.course.suspension.is_some();
            prop_assert!(!was_suspended || after.state != ApplicationState::Confirmed);
            let complete = after.waiting_for().next().is_none();
            let joint = !matches!(
                after.state,
                ApplicationState::AwaitOtherParty | ApplicationState::Expired | ApplicationState::Withdrawn
            );
            prop_assert!(complete || !joint, "{} without every party", after.state);
            let confirmed = matches!(
                after.state,
                ApplicationState::Confirmed | ApplicationState::Objection | ApplicationState::Revoked
            );
            let ruled = confirmed || after.state == ApplicationState::Dismissed;
            prop_assert_eq!(after.ruling_number.is_some(), ruled);
            prop_assert!(after.all_were_present() || !confirmed, "confirmed unheard");
            prop_assert!(after.applicants.iter().all(|a| a.applied_at < after.closes_at));
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
    let refused = application.join(agreement.party_ids[0], AT_WINDOW, beginning());
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

#[test]
fn papers_signed_by_hand_come_over_the_counter() {
    let agreement = agreement(2);
    let mut online = command(&agreement);
    online.terms.manner = Manner {
        at_window: false,
        by_hand: true,
    };
    let refused = Application::apply(&agreement, online, POLICY.confirmation(), beginning());
    assert!(matches!(refused, Err(Refusal::PaperOriginalNeeded)));
    let joins = application(&agreement).unwrap().join(
        agreement.party_ids[1],
        Manner {
            at_window: false,
            by_hand: true,
        },
        beginning(),
    );
    assert!(matches!(joins, Err(Refusal::PaperOriginalNeeded)));
}

#[test]
fn what_is_prepared_may_lack_papers_and_what_is_submitted_may_not() {
    let agreement = agreement(2);
    let (confirmation, now) = (POLICY.confirmation(), beginning());
    let mut draft = command(&agreement);
    let terms = draft.terms.clone();
    draft.terms.materials.clear();
    let prepared = Application::prepare(&agreement, draft.clone(), confirmation, now).unwrap();
    assert_eq!(prepared.state, ApplicationState::Preparing);
    let asked = |terms| (agreement.party_ids[0], terms);
    let refused = prepared
        .clone()
        .submit(&agreement, asked(draft.terms), confirmation, now);
    assert!(matches!(refused, Err(Refusal::MaterialsMissing(missing)) if missing.len() == 4));
    let (submitted, _) = prepared
        .submit(&agreement, asked(terms), confirmation, now)
        .unwrap();
    assert_eq!(submitted.state, ApplicationState::AwaitOtherParty);
    assert_eq!(submitted.version, 2);
}
