//! What the court does with an application (民事诉讼法 185-187, 206; 民诉法解释 355-358).

use chrono::{DateTime, NaiveDate, Utc};
use contracts::events::judicial_confirmation::{
    ConfirmationAccepted, ConfirmationCourtReceived, ConfirmationRefused, ConfirmationRuled,
    RulingOutcome,
};
use policy::sections::confirmation::{Confirmation, ReasonUse};

use super::{
    application::{Application, ApplicationState as State},
    fact,
    refusal::Refusal,
};

/// A ruling.
#[derive(Debug, Clone)]
pub struct Ruling {
    /// Valid or dismissed.
    pub outcome: RulingOutcome,
    /// Its number.
    pub number: String,
    /// Its day.
    pub ruled_on: NaiveDate,
    /// Why it was dismissed, a code of the policy pack.
    pub reason: Option<String>,
}

impl Application {
    /// The court receives the joint application.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub fn receive(self, now: DateTime<Utc>) -> Result<(Self, ConfirmationCourtReceived), Refusal> {
        let application = self.go("receive_application", State::CourtReceived, now)?;
        let event = fact!(ConfirmationCourtReceived, application, received_at: now);
        Ok((application, event))
    }

    /// The court accepts it 受理.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub fn accept(self, now: DateTime<Utc>) -> Result<(Self, ConfirmationAccepted), Refusal> {
        let application = self.go("accept_application", State::CourtAccepted, now)?;
        let event = fact!(ConfirmationAccepted, application, accepted_at: now);
        Ok((application, event))
    }

    /// The court does not accept it 不予受理 (transition 23; 民诉法解释 355).
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::UnknownReason`].
    pub fn refuse(
        self,
        reason: &str,
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationRefused), Refusal> {
        let mut application = self.go("refuse_application", State::CourtRefused, now)?;
        if confirmation.reason(reason, ReasonUse::Refuse).is_none() {
            return Err(Refusal::UnknownReason);
        }
        application.reason = Some(reason.to_owned());
        let event = fact!(ConfirmationRefused, application, reason: reason.to_owned(), amendment: Some(application.amendment), refused_at: now);
        Ok((application, event))
    }

    /// The court rules (transitions 22, 23; 民事诉讼法 206): that the agreement is valid only when it has heard all parties
    /// together (民诉法解释 356). A dismissal names its reason (民诉法解释 355, 358). `today` is the
    /// date in China; a ruling is not of a later day, nor of one before the application.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::PartiesNotPresent`], [`Refusal::UnknownReason`], [`Refusal::RulingDay`].
    pub fn rule(
        self,
        ruling: Ruling,
        confirmation: &Confirmation,
        (now, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<(Self, ConfirmationRuled), Refusal> {
        let to = match ruling.outcome {
            RulingOutcome::Valid => State::Confirmed,
            RulingOutcome::Dismissed => State::Dismissed,
        };
        let mut application = self.go("rule_application", to, now)?;
        if ruling.outcome == RulingOutcome::Valid && !application.all_were_present() {
            return Err(Refusal::PartiesNotPresent);
        }
        let known = |code: &str| confirmation.reason(code, ReasonUse::Dismiss).is_some();
        let reason_fits = match (ruling.outcome, &ruling.reason) {
            (RulingOutcome::Valid, reason) => reason.is_none(),
            (RulingOutcome::Dismissed, reason) => reason.as_deref().is_some_and(known),
        };
        if !reason_fits {
            return Err(Refusal::UnknownReason);
        }
        let applied_on = policy::clock::due::beijing_date(application.created_at);
        if ruling.ruled_on > today || ruling.ruled_on < applied_on {
            return Err(Refusal::RulingDay);
        }
        application.reason = ruling.reason;
        application.ruling_number = Some(ruling.number.clone());
        application.ruled_on = Some(ruling.ruled_on);
        let event = fact!(ConfirmationRuled, application, outcome: ruling.outcome, ruling_number: ruling.number, amendment: Some(application.amendment), ruled_at: now);
        Ok((application, event))
    }
}
