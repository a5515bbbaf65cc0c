//! What the parties do with an application (民事诉讼法 205), and what becomes of it when they do not.

use chassis::db::Json;
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
    application::{Applicant, Application, ApplicationState as State},
    course::Course,
    fact,
    refusal::Refusal,
    venue::{self, Places},
};

/// What a party asks for.
#[derive(Debug, Clone)]
pub struct ApplyCommand {
    /// Id of the new application.
    pub id: ApplicationId,
    /// The party that applies.
    pub party_id: PartyId,
    /// To which court, with what.
    pub terms: Terms,
}

/// To which court an application goes, with what.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The court asked.
    pub court_id: OrganisationId,
    /// What gives that court the case.
    pub court_basis: String,
    /// The places that count for it.
    pub places: Places,
    /// The papers handed in.
    pub materials: Vec<String>,
    /// How it is handed in.
    pub manner: Manner,
}

/// How a party acts: papers on personal relations are signed by hand, so they come over the counter (电子签名法 3).
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Recorded at a window by staff who saw the papers; else the party acts online.
    pub at_window: bool,
    /// Papers of this dispute type must be signed by hand.
    pub by_hand: bool,
}

impl Manner {
    fn check(self) -> Result<(), Refusal> {
        if self.by_hand && !self.at_window {
            return Err(Refusal::PaperOriginalNeeded);
        }
        Ok(())
    }
}

impl Application {
    /// A party prepares an application 准备材料: court and papers may still change.
    ///
    /// # Errors
    /// The rule that is broken.
    pub fn prepare(
        agreement: &Agreement,
        command: ApplyCommand,
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let (party_id, terms) = (command.party_id, command.terms);
        if !agreement.party_ids.contains(&party_id) {
            return Err(Refusal::NotAParty);
        }
        if let Some(excluded) = agreement.exclusion(confirmation) {
            return Err(Refusal::Excluded(Box::new(excluded.clone())));
        }
        if !agreement.in_window(now) {
            return Err(Refusal::WindowClosed(agreement.last_day));
        }
        check_known(&terms.materials, confirmation)?;
        Ok(Self {
            id: command.id,
            version: 1,
            region: agreement.region,
            state: State::Preparing,
            agreement_id: agreement.id,
            case_id: agreement.case_id,
            organisation_id: agreement.organisation_id,
            type_code: agreement.type_code.clone(),
            party_ids: agreement.party_ids.clone(),
            last_day: agreement.last_day,
            closes_at: agreement.closes_at,
            court_id: terms.court_id,
            court_basis: terms.court_basis,
            court_place: None,
            materials: terms.materials,
            applicants: Json(vec![Applicant {
                party_id,
                applied_at: now,
            }]),
            reason: None,
            ruling_number: None,
            ruled_on: None,
            course: Json(Course::default()),
            due_at: Some(agreement.closes_at),
            amendment: agreement.amendment,
            created_at: now,
            updated_at: now,
        })
    }

    /// A party applies (transition 21): it must be bound by the agreement, in time, at a court that has the application, with
    /// every paper the policy pack asks for, and the law must not exclude the matter.
    ///
    /// # Errors
    /// The rule that is broken.
    pub fn apply(
        agreement: &Agreement,
        command: ApplyCommand,
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationApplied), Refusal> {
        let (party_id, terms) = (command.party_id, command.terms.clone());
        let mut application = Self::prepare(agreement, command, confirmation, now)?;
        application.settle(agreement, terms, confirmation)?;
        application.state = State::AwaitOtherParty;
        let event = application.applied(party_id, now);
        Ok((application, event))
    }

    /// A prepared application is handed in (transition 21).
    ///
    /// # Errors
    /// As [`Application::apply`].
    pub fn submit(
        self,
        agreement: &Agreement,
        (party_id, terms): (PartyId, Terms),
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationApplied), Refusal> {
        if !self.party_ids.contains(&party_id) {
            return Err(Refusal::NotAParty);
        }
        let mut application = self.go("submit_application", State::AwaitOtherParty, now)?;
        if now >= application.closes_at {
            return Err(Refusal::WindowClosed(application.last_day));
        }
        application.settle(agreement, terms, confirmation)?;
        application.applicants = Json(vec![Applicant {
            party_id,
            applied_at: now,
        }]);
        application.due_at = Some(application.closes_at);
        let event = application.applied(party_id, now);
        Ok((application, event))
    }

    fn settle(
        &mut self,
        agreement: &Agreement,
        terms: Terms,
        confirmation: &Confirmation,
    ) -> Result<(), Refusal> {
        terms.manner.check()?;
        let asked = (terms.court_id, terms.court_basis.as_str());
        let court = venue::choose(agreement, asked, &terms.places, confirmation)?;
        check_known(&terms.materials, confirmation)?;
        check_complete(&terms.materials, &agreement.type_code, confirmation)?;
        self.court_place = court.place;
        self.court_id = terms.court_id;
        self.court_basis = terms.court_basis;
        self.materials = terms.materials;
        Ok(())
    }

    fn applied(&self, party_id: PartyId, applied_at: DateTime<Utc>) -> ConfirmationApplied {
        fact!(ConfirmationApplied, self, party_id: party_id, last_day: self.last_day, applied_at: applied_at)
    }

    /// Another party joins within the window (民事诉讼法 205); with the last one the application is joint.
    ///
    /// # Errors
    /// The rule that is broken.
    pub fn join(
        mut self,
        party_id: PartyId,
        manner: Manner,
        now: DateTime<Utc>,
    ) -> Result<(Self, Option<ConfirmationJointCompleted>), Refusal> {
        if !self.party_ids.contains(&party_id) {
            return Err(Refusal::NotAParty);
        }
        if self
            .applicants
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
        manner.check()?;
        self.due_at = (!last).then_some(self.closes_at);
        self.applicants.push(Applicant {
            party_id,
            applied_at: now,
        });
        let event = last.then_some(fact!(ConfirmationJointCompleted, self, completed_at: now));
        Ok((self, event))
    }

    /// The applicants take it back.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub fn withdraw(self, now: DateTime<Utc>) -> Result<(Self, ConfirmationWithdrawn), Refusal> {
        let application = self.go("withdraw_application", State::Withdrawn, now)?;
        let event = fact!(ConfirmationWithdrawn, application, withdrawn_at: now);
        Ok((application, event))
    }

    /// The window closed before every party had applied.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub fn expire(self, now: DateTime<Utc>) -> Result<(Self, ConfirmationExpired), Refusal> {
        let application = self.go("expire_application", State::Expired, now)?;
        let event = fact!(ConfirmationExpired, application, expired_at: now);
        Ok((application, event))
    }
}

/// The policy pack knows every paper.
pub(super) fn check_known(
    materials: &[String],
    confirmation: &Confirmation,
) -> Result<(), Refusal> {
    let unknown = materials
        .iter()
        .position(|code| confirmation.material(code).is_none());
    unknown.map_or(Ok(()), |place| Err(Refusal::UnknownMaterial(place)))
}

/// Every paper the policy pack asks for is there (民诉法解释 354).
fn check_complete(
    materials: &[String],
    type_code: &str,
    confirmation: &Confirmation,
) -> Result<(), Refusal> {
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
