//! The rules alone, under any sequence of commands.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::{
        intake::{PartyKind, PartyRef, PartySide},
        mediation::{AgreementForm, MediationOutcome, SignatureForm, SignerKind},
        triage::Track,
    },
    ids::{MediatorId, PartyId},
    lifecycle::{StateMachine, mermaid},
};
use mediation::domain::{
    Refusal,
    agreement::{Agreement, AgreementState},
    consent::ConsentWay,
    drafting::{DraftAgreement, DraftClause},
    ending::EndMediation,
    obligation::{Fulfilment, Obligation, ObligationState},
    opening::SignedOrder,
    other_way::TakeOtherWay,
    pause::PauseMediation,
    proceeding::{Proceeding, ProceedingState},
    session::RecordSession,
    signature::SignAgreement,
    start::Disclosure,
};
use policy::PolicyPack;
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use crate::support::{COUNTY, id};

static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

fn now() -> DateTime<Utc> {
    testkit::service::BEGINNING.parse().unwrap()
}

fn today() -> NaiveDate {
    "2026-09-01".parse().unwrap()
}

/// A command with everything a caller chooses in it. A party's index may be one too many: a stranger.
#[derive(Debug, Clone)]
enum Command {
    Answer {
        party: usize,
        consents: bool,
    },
    Start {
        mediators: usize,
        accepted: bool,
    },
    Session,
    Pause,
    Resume,
    OtherWay,
    Dismissed,
    Replace,
    Draft {
        oral: bool,
        immediate: bool,
        clauses: u32,
    },
    Sign {
        signer: SignerKind,
        party: usize,
        form: SignatureForm,
    },
    End {
        code: &'static str,
    },
    Fulfil {
        obligation: usize,
    },
    Default {
        obligation: usize,
    },
}

fn command() -> impl Strategy<Value = Command> {
    let code = proptest::sample::select(vec![
        "agreement",
        "party_unwilling",
        "large_gap",
        "unreachable",
        "self_settled_withdrawn",
        "other",
        "nonsense",
    ]);
    prop_oneof![
        8 => (0..4_usize, proptest::bool::weighted(0.95)).prop_map(|(party, consents)| Command::Answer { party, consents }),
        4 => (0..3_usize, proptest::bool::weighted(0.9)).prop_map(|(mediators, accepted)| Command::Start { mediators, accepted }),
        3 => Just(Command::Session),
        1 => Just(Command::Pause),
        3 => Just(Command::Resume),
        1 => Just(Command::OtherWay),
        1 => Just(Command::Dismissed),
        1 => Just(Command::Replace),
        3 => (proptest::bool::weighted(0.2), proptest::bool::weighted(0.2), 0..4_u32)
            .prop_map(|(oral, immediate, clauses)| Command::Draft { oral, immediate, clauses }),
        9 => (proptest::sample::select(SignerKind::ALL), 0..4_usize, proptest::sample::select(SignatureForm::ALL))
            .prop_map(|(signer, party, form)| Command::Sign { signer, party, form }),
        1 => code.prop_map(|code| Command::End { code }),
        3 => (0..4_usize).prop_map(|obligation| Command::Fulfil { obligation }),
        1 => (0..4_usize).prop_map(|obligation| Command::Default { obligation }),
    ]
}

/// What is stored, as the handlers keep it.
#[derive(Debug, Clone)]
struct World {
    proceeding: Proceeding,
    agreement: Option<Agreement>,
    obligations: Vec<Obligation>,
}

impl World {
    fn opened(parties: usize) -> Self {
        let party = |i| PartyRef {
            party_id: id(),
            side: if i == 0 {
                PartySide::Applicant
            } else {
                PartySide::Respondent
            },
            kind: PartyKind::NaturalPerson,
        };
        let order = SignedOrder {
            id: id(),
            case_id: id(),
            region: COUNTY.parse().unwrap(),
            organisation_id: id(),
            route: "peoples_mediation".to_owned(),
            type_code: "neighbour".to_owned(),
            track: Some(Track::General),
            parties: (0..parties).map(party).collect(),
        };
        let (proceeding, _) = Proceeding::open(order, &POLICY, id(), now()).unwrap();
        Self {
            proceeding,
            agreement: None,
            obligations: Vec::new(),
        }
    }

    fn party(&self, index: usize) -> PartyId {
        self.proceeding
            .party_ids()
            .get(index)
            .copied()
            .unwrap_or_else(id)
    }

    /// Does what the handler of the command does; gives its name.
    fn apply(&mut self, command: &Command) -> Result<&'static str, Refusal> {
        match command {
            Command::Answer { party, consents } => {
                let (party, before) = (self.party(*party), self.proceeding.clone());
                if *consents {
                    self.proceeding = before.consent(party, ConsentWay::Phone, &POLICY, now())?.0;
                } else {
                    let end = POLICY
                        .mediation()
                        .end_code_for(MediationOutcome::Refused)
                        .unwrap();
                    self.proceeding = before
                        .refuse(party, ConsentWay::Phone, end, &POLICY, now())?
                        .0;
                    self.lapse("record_consent")?;
                }
                Ok("record_consent")
            }
            Command::Start {
                mediators,
                accepted,
            } => {
                let mediators: Vec<MediatorId> = (0..*mediators).map(|_| id()).collect();
                let disclosures = mediators.first().map(|mediator_id| Disclosure {
                    mediator_id: *mediator_id,
                    interest: "同村".to_owned(),
                    accepted_by_all: *accepted,
                });
                self.proceeding = self
                    .proceeding
                    .clone()
                    .start(
                        mediators,
                        disclosures.into_iter().collect(),
                        &POLICY,
                        now(),
                        now(),
                    )?
                    .0;
                Ok("start_mediation")
            }
            Command::Session => {
                let request = RecordSession {
                    held_at: now(),
                    place: "centre".to_owned(),
                    attendance: self.proceeding.party_ids(),
                    record: "记录".to_owned(),
                    online_link: None,
                    participant_ids: Vec::new(),
                };
                self.proceeding = self
                    .proceeding
                    .clone()
                    .hold_session(request, &POLICY, id(), now())?
                    .0;
                Ok("record_session")
            }
            Command::Pause => {
                let request = PauseMediation {
                    reason: "appraisal".to_owned(),
                    note: "鉴定".to_owned(),
                };
                let rule = POLICY.clock("mediation.statutory", None).unwrap();
                let before = self.proceeding.clone();
                let paused =
                    before.pause(request, "pause_mediation", rule, now(), &POLICY, now())?;
                self.proceeding = paused.0;
                Ok("pause_mediation")
            }
            Command::Resume => {
                self.proceeding = self.proceeding.clone().resume(Some(now()), now())?.0;
                Ok("resume_mediation")
            }
            Command::OtherWay => {
                let request = TakeOtherWay {
                    way: "litigation".to_owned(),
                    evidence: Vec::new(),
                };
                let before = self.proceeding.clone();
                self.proceeding = before.take_other_way(request, &POLICY, now())?.0;
                Ok("take_other_way")
            }
            Command::Replace => {
                let dismissed = ProceedingState::AgreementDismissed;
                let agreement = self.agreement.clone();
                let Some(agreement) = agreement.filter(|_| self.proceeding.state == dismissed)
                else {
                    return Ok("nothing");
                };
                let before = self.obligations.clone();
                let (agreement, superseded, _) =
                    agreement.replace(id(), before, "sign_agreement", now())?;
                self.agreement = Some(agreement);
                for of in &mut self.obligations {
                    if let Some(changed) = superseded.iter().find(|one| one.id == of.id) {
                        *of = changed.clone();
                    }
                }
                Ok("sign_agreement")
            }
            Command::Dismissed => {
                let Some(dismissed) = self.proceeding.clone().confirmation_dismissed(now()) else {
                    return Ok("nothing");
                };
                self.proceeding = dismissed;
                Ok("confirmation_dismissed")
            }
            Command::Draft {
                oral,
                immediate,
                clauses,
            } => self.draft(*oral, *immediate, *clauses),
            Command::Sign {
                signer,
                party,
                form,
            } => {
                let party_id = (*signer == SignerKind::Party).then(|| self.party(*party));
                let Some(agreement) = self.agreement.clone() else {
                    return Ok("nothing");
                };
                let (agreement, _) = agreement.sign(
                    &SignAgreement {
                        signer: *signer,
                        party_id,
                        form: *form,
                        scan_reference: None,
                    },
                    &POLICY,
                    now(),
                )?;
                if agreement.fully_signed(&POLICY) {
                    self.take_effect(agreement, self.proceeding.clone(), "sign_agreement")?;
                } else {
                    self.agreement = Some(agreement);
                }
                Ok("sign_agreement")
            }
            Command::End { code } => {
                let request = EndMediation {
                    end_code: (*code).to_owned(),
                    undisputed_facts: None,
                    contact_tries: Vec::new(),
                };
                self.proceeding = self.proceeding.clone().end(request, &POLICY, now())?.0;
                self.lapse("end_mediation")?;
                Ok("end_mediation")
            }
            Command::Fulfil { obligation } | Command::Default { obligation } => {
                let (Some(of), Some(agreement)) = (
                    self.obligations.get(*obligation).cloned(),
                    self.agreement.clone(),
                ) else {
                    return Ok("nothing");
                };
                let (name, done) = if matches!(command, Command::Fulfil { .. }) {
                    (
                        "fulfil_obligation",
                        of.fulfil(
                            agreement,
                            Fulfilment {
                                fulfilled_on: today(),
                                proof: "收据".to_owned(),
                            },
                            &POLICY,
                            now(),
                        )?,
                    )
                } else {
                    (
                        "default_obligation",
                        of.default(agreement, "拒绝".to_owned(), &POLICY, now())?,
                    )
                };
                self.obligations[*obligation] = done.obligation;
                self.agreement = Some(done.agreement);
                Ok(name)
            }
        }
    }

    fn draft(
        &mut self,
        oral: bool,
        immediate: bool,
        clauses: u32,
    ) -> Result<&'static str, Refusal> {
        let clause = |_| DraftClause {
            debtor: self.party(1),
            act: None,
            way: Some("payment".to_owned()),
            due_on: Some(today()),
            amount_fen: Some(100),
        };
        let request = DraftAgreement {
            form: if oral {
                AgreementForm::Oral
            } else {
                AgreementForm::Written
            },
            facts: "事实".to_owned(),
            content: "内容".to_owned(),
            content_codes: Vec::new(),
            amount_fen: i64::from(clauses) * 100,
            obligations: (0..clauses).map(clause).collect(),
            immediate,
            open_issues: None,
        };
        let mut ids = || id::<PartyId>().to_string().parse().unwrap();
        let (proceeding, agreement, _) = self.proceeding.clone().draft(
            request,
            self.agreement.clone(),
            &POLICY,
            &mut ids,
            now(),
        )?;
        if oral {
            self.take_effect(agreement, proceeding, "draft_agreement")?;
        } else {
            (self.proceeding, self.agreement) = (proceeding, Some(agreement));
        }
        Ok("draft_agreement")
    }

    fn take_effect(
        &mut self,
        agreement: Agreement,
        proceeding: Proceeding,
        command: &str,
    ) -> Result<(), Refusal> {
        let end = POLICY
            .mediation()
            .end_code_for(MediationOutcome::Agreed)
            .unwrap();
        let effect = agreement.take_effect(proceeding, command, end, &POLICY, now())?;
        *self = Self {
            proceeding: effect.proceeding,
            agreement: Some(effect.agreement),
            obligations: effect.obligations,
        };
        Ok(())
    }

    fn lapse(&mut self, command: &str) -> Result<(), Refusal> {
        if let Some(draft) = self.agreement.clone() {
            self.agreement = Some(draft.lapse(command, now())?);
        }
        Ok(())
    }

    /// What must be true of every stored state.
    fn check(&self) {
        let state = self.proceeding.state;
        let consented = self
            .proceeding
            .parties
            .iter()
            .all(|party| party.answer.as_ref().is_some_and(|answer| answer.consents));
        use ProceedingState::{Agreed, AgreementDismissed, ConsentPending, Mediating, Paused};
        if matches!(state, Mediating | Paused | Agreed | AgreementDismissed) {
            assert!(
                consented && !self.proceeding.mediator_ids.is_empty(),
                "{self:?}"
            );
        }
        let in_effect = self
            .agreement
            .as_ref()
            .is_some_and(|agreement| agreement.effective_at.is_some());
        let transferred = self.proceeding.course.transfer.is_some();
        assert!(in_effect == matches!(state, Agreed | AgreementDismissed) || transferred);
        assert_eq!(
            self.proceeding.ended_at.is_some(),
            !matches!(state, ConsentPending | Mediating | Paused)
        );
        let Some(agreement) = &self.agreement else {
            return;
        };
        assert!(self.proceeding.sessions > 0);
        if in_effect && agreement.form == AgreementForm::Written {
            let signed = |signer, party_id| {
                agreement
                    .signatures
                    .iter()
                    .filter(|s| s.signer == signer && s.party_id == party_id)
                    .count()
            };
            assert!(
                self.proceeding
                    .party_ids()
                    .into_iter()
                    .all(|party| signed(SignerKind::Party, Some(party)) == 1)
            );
            assert_eq!(
                (
                    signed(SignerKind::Mediator, None),
                    signed(SignerKind::Organisation, None)
                ),
                (1, 1)
            );
        }
        let count = |state| {
            self.obligations
                .iter()
                .filter(|obligation| obligation.state == state)
                .count()
        };
        if in_effect && agreement.state != AgreementState::Replaced {
            let left = count(ObligationState::Open) + count(ObligationState::Defaulted);
            assert_eq!(usize::try_from(agreement.remaining).unwrap(), left);
            let expected = match (count(ObligationState::Defaulted), left) {
                (0, 0) => AgreementState::Performed,
                (0, _) => AgreementState::Performing,
                _ => AgreementState::Defaulted,
            };
            assert_eq!(agreement.state, expected);
        }
    }
}

/// A change of state must be one of the table's, reached in steps of the same command.
fn allowed<M: StateMachine>(from: Option<M::State>, command: &str, to: Option<M::State>) -> bool {
    let Some(to) = to else { return from.is_none() };
    let mut reached = vec![from];
    loop {
        let next: Vec<_> = M::TRANSITIONS
            .iter()
            .filter(|t| t.command == command)
            .filter(|t| {
                reached
                    .iter()
                    .any(|from| from.map_or(t.from.is_empty(), |from| t.from.contains(&from)))
            })
            .map(|t| Some(t.to))
            .filter(|to| !reached.contains(to))
            .collect();
        if next.is_empty() {
            return from == Some(to) || reached.contains(&Some(to));
        }
        reached.extend(next);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_commands_leaves_the_table_or_the_consent(parties in 1..4_usize, commands in prop::collection::vec(command(), 1..60)) {
        let mut world = World::opened(parties);
        world.check();
        for command in commands {
            let before = world.clone();
            let Ok(name) = world.apply(&command) else {
                world = before;
                continue;
            };
            world.check();
            if name == "nothing" {
                continue;
            }
            let states = |world: &World| (world.proceeding.state, world.agreement.as_ref().map(|agreement| agreement.state));
            let ((proceeding, agreement), (proceeding_to, agreement_to)) = (states(&before), states(&world));
            prop_assert!(allowed::<Proceeding>(Some(proceeding), name, Some(proceeding_to)), "{proceeding} {name} {proceeding_to}");
            let by = if world.obligations.iter().any(|o| o.state == ObligationState::Fulfilled) && before.obligations.is_empty() {
                // On the spot: effect and performance in one command.
                prop_assert!(allowed::<Agreement>(agreement, name, Some(AgreementState::Performing)));
                prop_assert!(allowed::<Agreement>(Some(AgreementState::Performing), "fulfil_obligation", agreement_to));
                continue;
            } else { name };
            prop_assert!(allowed::<Agreement>(agreement, by, agreement_to), "{agreement:?} {by} {agreement_to:?}");
            for (was, is) in before.obligations.iter().zip(&world.obligations) {
                prop_assert!(was.state == is.state || allowed::<Obligation>(Some(was.state), name, Some(is.state)));
            }
        }
    }
}

/// The sequences above mean something only when they come to every state.
#[test]
fn sequences_of_commands_reach_every_state() {
    let mut runner = TestRunner::deterministic();
    let sequences = prop::collection::vec(command(), 1..60);
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..1500 {
        let commands = sequences.new_tree(&mut runner).unwrap().current();
        let mut world = World::opened(2);
        for command in commands {
            let before = world.clone();
            if world.apply(&command).is_err() {
                world = before;
            }
            reached.insert(world.proceeding.state.to_string());
            reached.extend(
                world
                    .agreement
                    .iter()
                    .map(|agreement| agreement.state.to_string()),
            );
        }
    }
    for state in ProceedingState::ALL {
        assert!(reached.contains(state.as_str()), "{state}: {reached:?}");
    }
    // One that another agreement replaces is too rare here; it has a test of its own.
    for state in AgreementState::ALL
        .iter()
        .filter(|state| **state != AgreementState::Replaced)
    {
        assert!(reached.contains(state.as_str()), "{state}: {reached:?}");
    }
}

/// The usual way reaches the end.
#[test]
fn the_usual_way_is_open() {
    let mut world = World::opened(2);
    let sign = |signer, party, form| Command::Sign {
        signer,
        party,
        form,
    };
    for command in [
        Command::Answer {
            party: 0,
            consents: true,
        },
        Command::Answer {
            party: 1,
            consents: true,
        },
        Command::Start {
            mediators: 1,
            accepted: true,
        },
        Command::Session,
        Command::Draft {
            oral: false,
            immediate: false,
            clauses: 2,
        },
        sign(SignerKind::Party, 0, SignatureForm::Handwritten),
        sign(SignerKind::Party, 1, SignatureForm::Electronic),
        sign(SignerKind::Mediator, 0, SignatureForm::Handwritten),
        sign(SignerKind::Organisation, 0, SignatureForm::Seal),
        Command::Fulfil { obligation: 0 },
        Command::Fulfil { obligation: 1 },
    ] {
        world.apply(&command).unwrap();
        world.check();
    }
    assert_eq!(world.agreement.unwrap().state, AgreementState::Performed);
}

#[test]
fn the_tables() {
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        mermaid::<Proceeding>(),
        mermaid::<Agreement>(),
        mermaid::<Obligation>()
    ));
}
