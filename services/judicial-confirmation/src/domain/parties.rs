//! What the parties do with an application (民事诉讼法 205), and what becomes of it when they do not.

use chrono::{DateTime, Utc};
use contracts::{
    events::judicial_confirmation::{
        ConfirmationApplied, ConfirmationExpired, ConfirmationJointCompleted, ConfirmationWithdrawn,
    },
    ids::{ApplicationId, OrganisationId, PartyId},
};
use policy::sections::confirmation::Confirmation;

use super::{
    agreement::Agreement,
    application::{Applicant, Applicants, Application, ApplicationState as State},
    refusal::Refusal,
};

/// What a party asks for.
#[derive(Debug, Clone)]
pub struct ApplyCommand {
    /// Id of the new application.
    pub id: ApplicationId,
    /// The party that applies.
    pub party_id: PartyId,
    /// The court asked.
    pub court_id: OrganisationId,
    /// What gives that court the case.
    pub court_basis: String,
    /// The papers handed in.
    pub materials: Vec<String>,
}

impl Application {
    /// A party applies (transition 21): it must be bound by the agreement, in time, with every paper the policy pack asks
    /// for, and the law must not exclude the matter.
    ///
    /// # Errors
    /// The rule that is broken.
    pub fn apply(
        agreement: &Agreement,
        command: ApplyCommand,
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationApplied), Refusal> {
        let party_id = command.party_id;
        if !agreement.party_ids.contains(&party_id) {
            return Err(Refusal::NotAParty);
        }
        if let Some(excluded) = agreement.exclusion(confirmation) {
            return Err(Refusal::Excluded(Box::new(excluded.clone())));
        }
        if !agreement.in_window(now) {
            return Err(Refusal::WindowClosed(agreement.last_day));
        }
        if confirmation.court_basis(&command.court_basis).is_none() {
            return Err(Refusal::UnknownCourtBasis);
        }
        check_materials(&command.materials, &agreement.type_code, confirmation)?;
        let application = Self {
            id: command.id,
            version: 1,
            region: agreement.region,
            state: State::AwaitOtherParty,
            agreement_id: agreement.id,
            case_id: agreement.case_id,
            organisation_id: agreement.organisation_id,
            type_code: agreement.type_code.clone(),
            party_ids: agreement.party_ids.clone(),
            last_day: agreement.last_day,
            closes_at: agreement.closes_at,
            court_id: command.court_id,
            court_basis: command.court_basis,
            materials: command.materials,
            applicants: Applicants(vec![Applicant {
                party_id,
                applied_at: now,
            }]),
            reason: None,
            ruling_number: None,
            ruled_on: None,
            created_at: now,
            updated_at: now,
        };
        let event = ConfirmationApplied {
            application_id: application.id,
            agreement_id: application.agreement_id,
            case_id: application.case_id,
            region: application.region,
            party_id,
            last_day: application.last_day,
            applied_at: now,
        };
        Ok((application, event))
    }

    /// Another party joins within the window (民事诉讼法 205); with the last one the application is joint.
    ///
    /// # Errors
    /// The rule that is broken.
    pub fn join(
        mut self,
        party_id: PartyId,
        now: DateTime<Utc>,
    ) -> Result<(Self, Option<ConfirmationJointCompleted>), Refusal> {
        if !self.party_ids.contains(&party_id) {
            return Err(Refusal::NotAParty);
        }
        if self
            .applicants
            .0
            .iter()
            .any(|known| known.party_id == party_id)
        {
            return Err(Refusal::AlreadyApplied);
        }
        let last = self.waiting_for().count() == 1;
        let to = if last {
            State::JointSubmitted
        } else {
            State::AwaitOtherParty
        };
        self = self.go("join_application", to, now)?;
        if now >= self.closes_at {
            return Err(Refusal::WindowClosed(self.last_day));
        }
        self.applicants.0.push(Applicant {
            party_id,
            applied_at: now,
        });
        let event = last.then_some(ConfirmationJointCompleted {
            application_id: self.id,
            agreement_id: self.agreement_id,
            case_id: self.case_id,
            region: self.region,
            completed_at: now,
        });
        Ok((self, event))
    }

    /// The applicants take it back.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub fn withdraw(self, now: DateTime<Utc>) -> Result<(Self, ConfirmationWithdrawn), Refusal> {
        let application = self.go("withdraw_application", State::Withdrawn, now)?;
        let event = ConfirmationWithdrawn {
            application_id: application.id,
            agreement_id: application.agreement_id,
            case_id: application.case_id,
            region: application.region,
            withdrawn_at: now,
        };
        Ok((application, event))
    }

    /// The window closed before every party had applied.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub fn expire(self, now: DateTime<Utc>) -> Result<(Self, ConfirmationExpired), Refusal> {
        let application = self.go("expire_application", State::Expired, now)?;
        let event = ConfirmationExpired {
            application_id: application.id,
            agreement_id: application.agreement_id,
            case_id: application.case_id,
            region: application.region,
            expired_at: now,
        };
        Ok((application, event))
    }
}

/// Every paper the policy pack asks for is there, and none it does not know (民诉法解释 354).
fn check_materials(
    materials: &[String],
    type_code: &str,
    confirmation: &Confirmation,
) -> Result<(), Refusal> {
    let known = |code: &String| confirmation.materials.iter().any(|m| m.code == *code);
    if let Some(place) = materials.iter().position(|code| !known(code)) {
        return Err(Refusal::UnknownMaterial(place));
    }
    let missing: Vec<_> = confirmation
        .required_materials(type_code)
        .filter(|needed| !materials.contains(&needed.code))
        .cloned()
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::MaterialsMissing(missing))
    }
}
