//! What follows when an agreement takes effect (transitions 18, 24; 人民调解法 29, 30), and when it cannot any more.

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{AgreementEffective, ObligationRef},
    problems::mediation as codes,
};
use policy::{PolicyPack, clock::due::beijing_date, sections::mediation::EndCode};

use super::{
    Fact, Refusal,
    agreement::{Agreement, AgreementState, Clause},
    ending::{Ending, Notice},
    obligation::{Fulfilment, Obligation, ObligationState},
    proceeding::{Proceeding, ProceedingState},
    step,
};

/// What exists when an agreement has taken effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The agreement in effect.
    pub agreement: Agreement,
    /// Its proceeding, ended.
    pub proceeding: Proceeding,
    /// What is to be performed.
    pub obligations: Vec<Obligation>,
    /// The facts, in their order.
    pub facts: Vec<Fact>,
}

impl Agreement {
    /// Lets it take effect by `command`, with the end code of an agreement; what is performed on the spot is performed.
    ///
    /// # Errors
    /// `transition-not-allowed`; `consent-missing`, which cannot be once mediation has started.
    pub fn take_effect(
        mut self,
        proceeding: Proceeding,
        command: &str,
        end: &EndCode,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Effect, Refusal> {
        let state = step::<Proceeding>(Some(proceeding.state), command, ProceedingState::Agreed)?;
        self.state = step::<Self>(Some(self.state), command, AgreementState::Performing)?;
        if !proceeding.all_consented() {
            return Err(Refusal::new(&codes::CONSENT_MISSING));
        }
        self.effective_at = Some(now);
        let mut ending = Ending::new(end, &self.type_code, policy, now);
        if self.partial {
            // What was not settled may go another way (人民调解法 26).
            ending.notice = Some(Notice::new(&self.type_code, policy, now));
        }
        let (proceeding, ended) = proceeding.ended(state, ending, now);
        let mut facts = vec![self.effective_fact(now).into(), ended];
        let mut obligations: Vec<_> = self
            .clauses
            .iter()
            .map(|clause| self.obligation(clause, now))
            .collect();
        let mut agreement = self;
        if agreement.immediate {
            for obligation in &mut obligations {
                let fulfilment = Fulfilment::on_the_spot(beijing_date(now));
                let performed =
                    obligation
                        .clone()
                        .fulfil(agreement, &[], fulfilment, policy, now)?;
                facts.extend(performed.facts);
                *obligation = performed.obligation;
                agreement = performed.agreement;
            }
        }
        Ok(Effect {
            agreement,
            proceeding,
            obligations,
            facts,
        })
    }

    /// Marks a draft that cannot take effect any more, because `command` ended the proceeding.
    ///
    /// # Errors
    /// `transition-not-allowed`.
    pub fn lapse(mut self, command: &str, now: DateTime<Utc>) -> Result<Self, Refusal> {
        self.state = step::<Self>(Some(self.state), command, AgreementState::Lapsed)?;
        Ok(self.changed(now))
    }

    fn effective_fact(&self, now: DateTime<Utc>) -> AgreementEffective {
        let reference = |clause: &Clause| ObligationRef {
            obligation_id: clause.obligation_id,
            due_on: clause.due_on,
            amount_fen: clause.amount_fen,
        };
        AgreementEffective {
            agreement_id: self.id,
            proceeding_id: self.proceeding_id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            form: self.form,
            type_code: self.type_code.clone(),
            content_codes: self.content_codes.clone(),
            party_ids: self.party_ids.clone(),
            amount_fen: self.amount_fen,
            obligations: self.clauses.iter().map(reference).collect(),
            effective_at: now,
        }
    }

    pub(super) fn obligation(&self, clause: &Clause, now: DateTime<Utc>) -> Obligation {
        Obligation {
            id: clause.obligation_id,
            agreement_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            debtor: clause.debtor,
            act: clause.act.clone(),
            way: clause.way.clone(),
            due_on: clause.due_on,
            amount_fen: clause.amount_fen,
            state: ObligationState::Open,
            fulfilled_on: None,
            proof: None,
            default_reason: None,
            default_ways: Vec::new(),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}
