//! A proceeding with its agreement and what is owed by it.

mod check;
mod command;

use contracts::{
    events::{
        intake::{PartyKind, PartyRef, PartySide},
        mediation::{MediationOutcome, SignatureForm, SignerKind},
        triage::Track,
    },
    ids::{AgreementId, MediatorId, PartyId},
};
use mediation::domain::{
    Refusal,
    agreement::{Agreement, AgreementState},
    consent::ConsentWay,
    ending::EndMediation,
    obligation::{Fulfilment, Obligation},
    opening::SignedOrder,
    other_way::TakeOtherWay,
    pause::PauseMediation,
    proceeding::{Proceeding, ProceedingState},
    session::RecordSession,
    sham::SuspectSham,
    signature::SignAgreement,
    start::Disclosure,
};
use proptest::strategy::Strategy;
use testkit::machines::{Object, Table, Walk};

use self::command::Command;
use super::{POLICY, now, today};
use crate::support::{COUNTY, id};

/// What an agreement performed on the spot comes to beside its effect.
const ON_THE_SPOT: &str = "fulfil_obligation";

fn new_id() -> uuid::Uuid {
    id::<PartyId>().to_string().parse().unwrap()
}

/// What is stored, as the handlers keep it, of a case with so many parties.
#[derive(Debug, Clone)]
pub struct World<const PARTIES: usize> {
    pub proceeding: Proceeding,
    pub agreement: Option<Agreement>,
    pub obligations: Vec<Obligation>,
}

impl<const PARTIES: usize> World<PARTIES> {
    fn opened() -> Self {
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
            parties: (0..PARTIES).map(party).collect(),
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

    /// The signature that is missing beside those given.
    fn unsigned(&self, given: Vec<(SignerKind, Option<PartyId>)>) -> Command {
        let parties = self.proceeding.party_ids().into_iter().enumerate();
        let missing = |party: &PartyId| !given.contains(&(SignerKind::Party, Some(*party)));
        let party = parties.into_iter().find(|(_, party)| missing(party));
        let (signer, party, form) = match party {
            Some((party, _)) => (SignerKind::Party, party, SignatureForm::Handwritten),
            None if given.contains(&(SignerKind::Mediator, None)) => {
                (SignerKind::Organisation, 0, SignatureForm::Seal)
            }
            None => (SignerKind::Mediator, 0, SignatureForm::Handwritten),
        };
        Command::Sign {
            signer,
            party,
            form,
        }
    }

    fn sign_amendment(&mut self) -> Result<Vec<&'static str>, Refusal> {
        let Some(agreement) = self.agreement.clone() else {
            return Ok(Vec::new());
        };
        let given = agreement
            .amendment
            .iter()
            .flat_map(|terms| terms.signatures.clone());
        let given = given.map(|signature| (signature.signer, signature.party_id));
        let Command::Sign {
            signer,
            party,
            form,
        } = self.unsigned(given.collect())
        else {
            return Ok(Vec::new());
        };
        let request = SignAgreement {
            signer,
            party_id: (signer == SignerKind::Party).then(|| self.party(party)),
            form,
            scan_reference: None,
        };
        let mut agreement = agreement.sign_amendment(&request, &POLICY, now())?;
        if agreement.amendment_signed(&POLICY) {
            let (proceeding, before) = (self.proceeding.clone(), self.obligations.clone());
            let amended = agreement.apply_amendment(proceeding, before, now())?;
            self.supersede(&amended.superseded);
            self.obligations.extend(amended.obligations);
            (self.proceeding, agreement) = (amended.proceeding, amended.agreement);
        }
        self.agreement = Some(agreement);
        Ok(vec!["sign_amendment"])
    }

    fn replace(
        &mut self,
        agreement: Agreement,
        by: Option<AgreementId>,
        command: &str,
    ) -> Result<(), Refusal> {
        let before = self.obligations.clone();
        let (agreement, superseded, _) = agreement.replace(by, before, command, now())?;
        self.agreement = Some(agreement);
        self.supersede(&superseded);
        Ok(())
    }

    fn supersede(&mut self, superseded: &[Obligation]) {
        for of in &mut self.obligations {
            if let Some(changed) = superseded.iter().find(|one| one.id == of.id) {
                *of = changed.clone();
            }
        }
    }

    fn draft(
        &mut self,
        oral: bool,
        immediate: bool,
        clauses: u32,
    ) -> Result<Vec<&'static str>, Refusal> {
        let request = self.terms(oral, immediate, clauses);
        let mut ids = new_id;
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
        Ok(vec!["draft_agreement", ON_THE_SPOT])
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
}

impl<const PARTIES: usize> Walk for World<PARTIES> {
    type Command = Command;
    type Refusal = Refusal;
    const BEGINS_WITH: &'static [&'static str] = &["open_proceeding"];
    /// They change no state; each has its test in `api`.
    const LEAVES_OUT: &'static [&'static str] = &[
        "choose_mediator",
        "answer_choice",
        "extend_mediation",
        "change_proceeding_mediator",
        "invite_participant",
        "record_concession",
        "record_facts",
        "sign_facts",
        "report_police",
        "refer_support",
    ];

    fn tables() -> Vec<Table> {
        vec![
            Table::of::<Proceeding>(),
            Table::of::<Agreement>(),
            Table::of::<Obligation>(),
        ]
    }

    fn commands() -> impl Strategy<Value = Command> {
        command::any()
    }

    fn begin() -> Self {
        Self::opened()
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
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
                Ok(vec!["record_consent"])
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
                Ok(vec!["start_mediation"])
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
                Ok(vec!["record_session"])
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
                Ok(vec!["pause_mediation"])
            }
            Command::Resume => {
                self.proceeding = self.proceeding.clone().resume(Some(now()), now())?.0;
                Ok(vec!["resume_mediation"])
            }
            Command::OtherWay => {
                let request = TakeOtherWay {
                    way: "litigation".to_owned(),
                    evidence: Vec::new(),
                };
                let before = self.proceeding.clone();
                let unconfirmed = before.state == ProceedingState::AgreementDismissed;
                self.proceeding = before.take_other_way(request, &POLICY, now())?.0;
                // As the store finds them: those that still bind.
                let binds = [AgreementState::Performing, AgreementState::Defaulted];
                let agreement = self.agreement.clone();
                if let Some(agreement) =
                    agreement.filter(|of| unconfirmed && binds.contains(&of.state))
                {
                    self.replace(agreement, None, "take_other_way")?;
                }
                Ok(vec!["take_other_way"])
            }
            Command::Replace => {
                let dismissed = ProceedingState::AgreementDismissed;
                let agreement = self.agreement.clone();
                let Some(agreement) = agreement.filter(|_| self.proceeding.state == dismissed)
                else {
                    return Ok(Vec::new());
                };
                self.replace(agreement, Some(id()), "sign_agreement")?;
                Ok(vec!["sign_agreement"])
            }
            Command::Dismissed => {
                let Some(dismissed) = self.proceeding.clone().confirmation_dismissed(now()) else {
                    return Ok(Vec::new());
                };
                self.proceeding = dismissed;
                Ok(vec!["confirmation_dismissed"])
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
                    return Ok(Vec::new());
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
                    return Ok(vec!["sign_agreement"]);
                }
                Ok(vec!["sign_agreement", ON_THE_SPOT])
            }
            Command::SignNext => {
                let Some(agreement) = &self.agreement else {
                    return Ok(Vec::new());
                };
                let next = self.unsigned(
                    agreement
                        .signatures
                        .iter()
                        .map(|s| (s.signer, s.party_id))
                        .collect(),
                );
                self.apply(&next)
            }
            Command::Amend { clauses } => {
                let Some(agreement) = self.agreement.clone() else {
                    return Ok(Vec::new());
                };
                let (request, mut ids) = (self.terms(false, false, *clauses), new_id);
                let amended =
                    agreement.amend(request, &self.proceeding, &POLICY, &mut ids, now())?;
                self.agreement = Some(amended);
                Ok(vec!["amend_agreement"])
            }
            Command::SignAmendment => self.sign_amendment(),
            Command::TimeOver => {
                if self.proceeding.reached_in_time(self.agreement.as_ref()) {
                    return Ok(Vec::new());
                }
                let end = POLICY
                    .mediation()
                    .end_code_for(MediationOutcome::Failed)
                    .unwrap();
                self.proceeding = self.proceeding.clone().time_over(end, &POLICY, now())?.0;
                self.lapse("time_over")?;
                Ok(vec!["time_over"])
            }
            Command::Suspect => {
                let request = SuspectSham {
                    ground: "collusion".to_owned(),
                    note: "陈述前后矛盾".to_owned(),
                };
                let rule = POLICY.clock("mediation.statutory", None).unwrap();
                let before = self.proceeding.clone();
                self.proceeding = before.suspect_sham(request, rule, now(), &POLICY, now())?.0;
                Ok(vec!["suspect_sham"])
            }
            Command::Clear => {
                let before = self.proceeding.clone();
                self.proceeding = before.clear_sham("属实".to_owned(), &POLICY, now())?.0;
                Ok(vec!["clear_sham"])
            }
            Command::Confirmed => {
                let Some(confirmed) = self.proceeding.clone().confirmation_valid(now()) else {
                    return Ok(Vec::new());
                };
                self.proceeding = confirmed;
                Ok(vec!["confirmation_valid"])
            }
            Command::End { code } => {
                let request = EndMediation {
                    end_code: (*code).to_owned(),
                    undisputed_facts: None,
                    contact_tries: Vec::new(),
                };
                self.proceeding = self.proceeding.clone().end(request, &POLICY, now())?.0;
                self.lapse("end_mediation")?;
                Ok(vec!["end_mediation"])
            }
            Command::Fulfil { obligation } | Command::Default { obligation } => {
                let (Some(of), Some(agreement)) = (
                    self.obligations.get(*obligation).cloned(),
                    self.agreement.clone(),
                ) else {
                    return Ok(Vec::new());
                };
                let (name, done) = if matches!(command, Command::Fulfil { .. }) {
                    (
                        "fulfil_obligation",
                        of.fulfil(
                            agreement,
                            &self.obligations,
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
                Ok(vec![name])
            }
        }
    }

    fn objects(&self) -> Vec<Object> {
        let agreement = self.agreement.iter();
        let agreement = agreement.map(|one| Object::of::<Agreement>("agreement", one.state));
        let owed = self.obligations.iter();
        let owed = owed.map(|one| Object::of::<Obligation>(one.id, one.state));
        let proceeding = Object::of::<Proceeding>("proceeding", self.proceeding.state);
        agreement.chain(owed).chain([proceeding]).collect()
    }

    fn check(&self) {
        self.check_consent();
        self.check_performance();
    }
}
