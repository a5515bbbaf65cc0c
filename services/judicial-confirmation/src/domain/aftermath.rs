//! What follows when the court did not confirm, and when a confirmed agreement is not performed (民事诉讼法 206).

use chrono::{DateTime, Utc};
use contracts::{
    events::judicial_confirmation::{
        ConfirmationCircular, ConfirmationEnforcementApplied, ConfirmationOptionsTold,
    },
    ids::{ObligationId, PartyId},
};
use policy::sections::confirmation::Confirmation;

use super::{
    application::{Application, ApplicationState as State},
    course::{Circular, Enforcement},
    fact,
    refusal::Refusal,
};

/// States in which the court did not confirm.
pub const NOT_CONFIRMED: &[State] = &[State::CourtRefused, State::Dismissed, State::Revoked];

impl Application {
    /// The parties were told what remains: change the agreement, mediate again, sue.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub fn tell_options(
        self,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationOptionsTold), Refusal> {
        let mut application = self.note(NOT_CONFIRMED, now)?;
        if application.course.options_told_at.is_some() {
            return Err(Refusal::NotAllowed(application.state));
        }
        application.course.options_told_at = Some(now);
        application.due_at = None;
        let event = fact!(ConfirmationOptionsTold, application, told_at: now);
        Ok((application, event))
    }

    /// The court tells the organisation and the justice bureau why it did not confirm 通报 (法释〔2011〕5号 12).
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::UnknownRecipient`].
    pub fn circulate(
        self,
        text: String,
        recipients: Vec<String>,
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationCircular), Refusal> {
        let mut application = self.note(NOT_CONFIRMED, now)?;
        let known = |code: &String| confirmation.circular_recipient(code).is_some();
        if recipients.is_empty() || !recipients.iter().all(known) {
            return Err(Refusal::UnknownRecipient);
        }
        let (organisation_id, reason) = (application.organisation_id, application.reason.clone());
        let event = fact!(ConfirmationCircular, application, organisation_id: organisation_id, reason: reason, recipients: recipients.clone(), circulated_at: now);
        application.course.circular = Some(Circular {
            text,
            recipients,
            circulated_at: now,
        });
        Ok((application, event))
    }

    /// A party applies for enforcement of what the other did not perform 申请执行; `defaulted` is what is recorded as not
    /// performed.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::NotAParty`], [`Refusal::NothingDefaulted`].
    pub fn enforce(
        self,
        party_id: PartyId,
        obligation_ids: Vec<ObligationId>,
        defaulted: &[ObligationId],
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationEnforcementApplied), Refusal> {
        let mut application = self.note(&[State::Confirmed], now)?;
        if !application.party_ids.contains(&party_id) {
            return Err(Refusal::NotAParty);
        }
        let asked_before = |id: &ObligationId| {
            let mut earlier = application.course.enforcements.iter();
            earlier.any(|known| known.obligation_ids.contains(id))
        };
        let open = |id: &ObligationId| defaulted.contains(id) && !asked_before(id);
        if obligation_ids.is_empty() || !obligation_ids.iter().all(open) {
            return Err(Refusal::NothingDefaulted);
        }
        application.course.enforcements.push(Enforcement {
            party_id,
            obligation_ids: obligation_ids.clone(),
            applied_at: now,
        });
        let event = fact!(ConfirmationEnforcementApplied, application, party_id: party_id, obligation_ids: obligation_ids, applied_at: now);
        Ok((application, event))
    }
}
