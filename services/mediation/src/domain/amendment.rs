//! Changing an agreement in effect 变更协议: a new version that everyone signs again (人民调解法 33).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{AgreementAmended, AgreementForm, ObligationRef},
    ids::AgreementId,
    problems::mediation as codes,
};
use policy::PolicyPack;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    agreement::{Agreement, AgreementState, Clause, Signature},
    drafting::DraftAgreement,
    obligation::{Obligation, ObligationState},
    proceeding::{Proceeding, ProceedingState},
    signature::SignAgreement,
    step,
};
use crate::json::Json;

/// What an agreement says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgreementTerms {
    /// The main facts and each party's responsibility.
    pub facts: String,
    /// What was agreed.
    pub content: String,
    /// Content codes that exclude judicial confirmation.
    pub content_codes: Vec<String>,
    /// Amount in fen; 0 when it is not about money.
    pub amount_fen: i64,
    /// What is to be performed.
    pub clauses: Vec<Clause>,
    /// The signatures.
    pub signatures: Vec<Signature>,
    /// When it was proposed; of an earlier version, when it was replaced.
    pub at: DateTime<Utc>,
}

/// What exists when an amendment has taken effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Amended {
    /// The agreement as it is now.
    pub agreement: Agreement,
    /// Its proceeding.
    pub proceeding: Proceeding,
    /// Obligations of the version before that were still open: something else is owed now.
    pub superseded: Vec<Obligation>,
    /// What is to be performed now.
    pub obligations: Vec<Obligation>,
    /// The facts.
    pub facts: Vec<Fact>,
}

impl Agreement {
    /// Proposes a new version, or proposes it anew as long as nobody signed.
    ///
    /// # Errors
    /// `transition-not-allowed`, `sham-suspected`, `signature-already-given`, `written-form-required`, and what a draft is
    /// refused for.
    pub fn amend(
        mut self,
        request: DraftAgreement,
        proceeding: &Proceeding,
        policy: &PolicyPack,
        ids: &mut dyn FnMut() -> uuid::Uuid,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        self.state = step::<Self>(Some(self.state), "amend_agreement", self.state)?;
        if proceeding.course.sham_open() {
            return Err(Refusal::new(&codes::SHAM_SUSPECTED));
        }
        let signed = |amendment: &Json<AgreementTerms>| !amendment.signatures.is_empty();
        if self.amendment.as_ref().is_some_and(signed) {
            return Err(Refusal::new(&codes::SIGNATURE_ALREADY_GIVEN));
        }
        if request.form == AgreementForm::Oral {
            return Err(Refusal::new(&codes::WRITTEN_FORM_REQUIRED).at("/form"));
        }
        proceeding.check_draft(&request, policy)?;
        let clauses = proceeding.clauses(&request, policy, ids, now)?;
        self.amendment = Some(Json(AgreementTerms {
            facts: request.facts,
            content: request.content,
            content_codes: request.content_codes,
            amount_fen: request.amount_fen,
            clauses,
            signatures: Vec::new(),
            at: now,
        }));
        Ok(self.changed(now))
    }

    /// Adds a signature to the proposed version. Whether it was the last one needed tells [`Agreement::amendment_signed`].
    ///
    /// # Errors
    /// `transition-not-allowed`, also when nothing is proposed; and what a signature is refused for.
    pub fn sign_amendment(
        mut self,
        request: &SignAgreement,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        self.state = step::<Self>(Some(self.state), "sign_amendment", self.state)?;
        let proposed = self.amendment.as_ref().ok_or_else(|| {
            Refusal::new(&contracts::problems::common::TRANSITION_NOT_ALLOWED)
                .detail("没有待签署的变更", "No amendment waits for signatures")
        })?;
        let signature = self.signature(&proposed.signatures, request, policy, now)?;
        if let Some(amendment) = &mut self.amendment {
            amendment.signatures.push(signature);
        }
        Ok(self.changed(now))
    }

    /// Whether everyone needed has signed the proposed version.
    #[must_use]
    pub fn amendment_signed(&self, policy: &PolicyPack) -> bool {
        self.amendment
            .as_ref()
            .is_some_and(|amendment| self.all_signed(&amendment.signatures, policy))
    }

    /// Lets the proposed version take the place of the one before: what was still open of that is no longer owed. When the
    /// court had dismissed the application, the parties have agreed anew (transition 23).
    ///
    /// # Errors
    /// `transition-not-allowed`, `sham-suspected`.
    pub fn apply_amendment(
        mut self,
        mut proceeding: Proceeding,
        before: Vec<Obligation>,
        now: DateTime<Utc>,
    ) -> Result<Amended, Refusal> {
        self.state = step::<Self>(
            Some(self.state),
            "sign_amendment",
            AgreementState::Performing,
        )?;
        if proceeding.course.sham_open() {
            return Err(Refusal::new(&codes::SHAM_SUSPECTED));
        }
        if proceeding.state == ProceedingState::AgreementDismissed {
            proceeding.state = step::<Proceeding>(
                Some(proceeding.state),
                "sign_amendment",
                ProceedingState::Agreed,
            )?;
            proceeding = proceeding.changed(now);
        }
        let terms = self
            .amendment
            .take()
            .ok_or_else(|| Refusal::new(&contracts::problems::common::TRANSITION_NOT_ALLOWED))?
            .0;
        self.history.push(AgreementTerms {
            facts: std::mem::replace(&mut self.facts, terms.facts),
            content: std::mem::replace(&mut self.content, terms.content),
            content_codes: std::mem::replace(&mut self.content_codes, terms.content_codes),
            amount_fen: std::mem::replace(&mut self.amount_fen, terms.amount_fen),
            clauses: std::mem::replace(&mut self.clauses.0, terms.clauses),
            signatures: std::mem::replace(&mut self.signatures.0, terms.signatures),
            at: now,
        });
        // What the court confirmed, or a paper says, is what it said before.
        self.confirmed = false;
        self.enforceable_by.clear();
        self.remaining = i32::try_from(self.clauses.len()).unwrap_or(i32::MAX);
        let superseded: Vec<Obligation> = before
            .into_iter()
            .filter(|obligation| obligation.state != ObligationState::Fulfilled)
            .filter_map(|obligation| obligation.supersede("sign_amendment", now).ok())
            .collect();
        let obligations = self
            .clauses
            .iter()
            .map(|clause| self.obligation(clause, now))
            .collect();
        let reference = |clause: &Clause| ObligationRef {
            obligation_id: clause.obligation_id,
            due_on: clause.due_on,
            amount_fen: clause.amount_fen,
        };
        let amended = AgreementAmended {
            agreement_id: self.id,
            proceeding_id: self.proceeding_id,
            case_id: self.case_id,
            region: self.region,
            content_codes: self.content_codes.clone(),
            amount_fen: self.amount_fen,
            obligations: self.clauses.iter().map(reference).collect(),
            superseded: superseded.iter().map(Obligation::reference).collect(),
            amended_at: now,
        };
        Ok(Amended {
            agreement: self.changed(now),
            proceeding,
            superseded,
            obligations,
            facts: vec![amended.into()],
        })
    }

    /// After the court did not confirm it, another agreement takes its place, or the parties take another way: what was still open
    /// is no longer owed.
    ///
    /// # Errors
    /// `transition-not-allowed`.
    pub fn replace(
        mut self,
        by: Option<AgreementId>,
        before: Vec<Obligation>,
        command: &str,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Obligation>, Fact), Refusal> {
        self.state = step::<Self>(Some(self.state), command, AgreementState::Replaced)?;
        let superseded: Vec<Obligation> = before
            .into_iter()
            .filter_map(|obligation| obligation.supersede(command, now).ok())
            .collect();
        let voided = contracts::events::mediation::AgreementVoided {
            agreement_id: self.id,
            case_id: self.case_id,
            region: self.region,
            replaced_by: by,
            superseded: superseded.iter().map(Obligation::reference).collect(),
            voided_at: now,
        };
        Ok((self.changed(now), superseded, voided.into()))
    }
}

impl Obligation {
    /// As events name it.
    fn reference(&self) -> ObligationRef {
        ObligationRef {
            obligation_id: self.id,
            due_on: self.due_on,
            amount_fen: self.amount_fen,
        }
    }

    /// It is no longer owed, because a new version or agreement took its place.
    ///
    /// # Errors
    /// `transition-not-allowed`.
    fn supersede(mut self, command: &str, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let to = ObligationState::Superseded;
        self.state = step::<Self>(Some(self.state), command, to)?;
        self.version += 1;
        self.updated_at = now;
        Ok(self)
    }
}
