//! An application for judicial confirmation, from its papers to the ruling and what is objected to it.

use chrono::{DateTime, Duration, Utc};
use contracts::events::judicial_confirmation::{ObjectionOutcome, RulingOutcome};
use judicial_confirmation::domain::{
    agreement::Agreement,
    application::{Application, ApplicationState},
    course::{Questioning, Served},
    court::Ruling,
    objection::{Decision, Objector},
    parties::ApplyCommand,
    refusal::Refusal,
    review::Asked,
};
use policy::clock::due::beijing_date;
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};

use crate::{
    domain::{AT_WINDOW, POLICY, agreement, beginning, command},
    support::id,
};

/// An agreement of so many parties, and the application to confirm it.
#[derive(Debug, Clone)]
pub struct World<const PARTIES: usize> {
    agreement: Agreement,
    application: Option<Application>,
    now: DateTime<Utc>,
}

fn codes(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// A command with everything a caller chooses in it.
#[derive(Debug, Clone)]
pub enum Command {
    Apply(bool),
    Prepare,
    Submit(bool),
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
            Self::Apply(_) => "apply_for_confirmation",
            Self::Prepare => "prepare_application",
            Self::Submit(_) => "submit_application",
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
            Self::Apply(_) | Self::Prepare | Self::Submit(_) => application,
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

impl<const PARTIES: usize> World<PARTIES> {
    /// The papers, which may be missing.
    fn papers(&self, complete: bool) -> ApplyCommand {
        let mut papers = command(&self.agreement);
        if !complete {
            papers.terms.materials.clear();
        }
        papers
    }
}

impl<const PARTIES: usize> Walk for World<PARTIES> {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<Application>()]
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
            2 => any::<bool>().prop_map(Command::Apply),
            1 => Just(Command::Prepare),
            2 => any::<bool>().prop_map(Command::Submit),
            5 => (0..4_usize).prop_map(Command::Join),
            1 => Just(Command::Withdraw),
            1 => Just(Command::Expire),
            3 => Just(Command::Receive),
            3 => Just(Command::Accept),
            1 => reason.clone().prop_map(Command::Refuse),
            8 => (outcome, prop::option::of(reason), -1..2_i64).prop_map(|(o, r, d)| Command::Rule(o, r, d)),
            1 => (0..12_i64).prop_map(Command::Wait),
            2 => (any::<bool>(), any::<bool>()).prop_map(|(papers, said)| Command::Ask(if papers { &["identity"] } else { &[] }, said)),
            2 => (any::<bool>(), any::<bool>()).prop_map(|(papers, said)| Command::Supply(if papers { &["identity"] } else { &[] }, said)),
            1 => prop::sample::select(vec!["no_supplement", "unheard_of"]).prop_map(Command::Lapse),
            5 => (0..4_usize).prop_map(Command::Question),
            4 => (0..2_usize).prop_map(Command::Object),
            2 => prop::sample::select(ObjectionOutcome::ALL.to_vec()).prop_map(Command::Decide),
            1 => Just(Command::Suspend),
            2 => Just(Command::Resume),
        ]
    }

    fn begin() -> Self {
        Self {
            agreement: agreement(PARTIES),
            application: None,
            now: beginning(),
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let (confirmation, now) = (POLICY.confirmation(), self.now);
        if let Command::Wait(days) = command {
            self.now += Duration::days(*days);
            return Ok(Vec::new());
        }
        let after = match (command, self.application.clone()) {
            (Command::Apply(complete), None) => {
                Application::apply(&self.agreement, self.papers(*complete), confirmation, now)?.0
            }
            (Command::Prepare, None) => {
                Application::prepare(&self.agreement, self.papers(false), confirmation, now)?
            }
            (Command::Submit(complete), Some(before)) => {
                let ApplyCommand {
                    party_id, terms, ..
                } = self.papers(*complete);
                before
                    .submit(&self.agreement, (party_id, terms), confirmation, now)?
                    .0
            }
            (Command::Apply(_) | Command::Prepare, Some(_)) | (_, None) => return Ok(Vec::new()),
            (command, Some(before)) => {
                let (suspended, version) = (before.course.suspension.is_some(), before.version);
                let after = command.run(before, now)?;
                assert!(after.version > version);
                assert!(!suspended || after.state != ApplicationState::Confirmed);
                after
            }
        };
        self.application = Some(after);
        let name = Some(command.name()).filter(|name| !name.is_empty());
        Ok(name.into_iter().collect())
    }

    fn objects(&self) -> Vec<Object> {
        let object = |one: &Application| Object::of::<Application>(one.id, one.state);
        self.application.as_ref().map(object).into_iter().collect()
    }

    fn check(&self) {
        use ApplicationState::{
            AwaitOtherParty, Confirmed, Dismissed, Expired, Objection, Preparing, Revoked,
            Withdrawn,
        };
        let Some(application) = &self.application else {
            return;
        };
        let state = application.state;
        let complete = application.waiting_for().next().is_none();
        let joint = !matches!(state, Preparing | AwaitOtherParty | Expired | Withdrawn);
        assert!(complete || !joint, "{state} without every party");
        let confirmed = matches!(state, Confirmed | Objection | Revoked);
        let ruled = confirmed || state == Dismissed;
        assert_eq!(application.ruling_number.is_some(), ruled);
        assert!(
            application.all_were_present() || !confirmed,
            "confirmed unheard"
        );
        let mut applicants = application.applicants.iter();
        assert!(applicants.all(|applicant| applicant.applied_at < application.closes_at));
    }
}
