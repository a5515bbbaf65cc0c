//! Objections to a ruling (民诉法解释 372): by a party within 15 days of its receipt, by a third party within 6 months of its
//! knowledge.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::judicial_confirmation::{
        ConfirmationObjected, ConfirmationObjectionDecided, ConfirmationServed, ObjectionOutcome,
        ObjectorKind,
    },
    ids::PartyId,
};

use super::{
    application::{Application, ApplicationState as State},
    course::{Objection, Served},
    fact,
    refusal::Refusal,
};

/// Who objects.
#[derive(Debug, Clone, Copy)]
pub enum Objector {
    /// A party, on whom the ruling was served.
    Party(PartyId),
    /// A third party that knew since a day; its last day.
    ThirdParty(NaiveDate, NaiveDate),
}

/// What the court decides on an objection.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The ruling stands, is revoked or changed.
    pub outcome: ObjectionOutcome,
    /// Number of the decision.
    pub number: String,
    /// Its day.
    pub decided_on: NaiveDate,
}

impl Application {
    /// A party received the ruling 送达. A second receipt of the same party is none.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::NotAParty`], [`Refusal::ReceiptDay`], [`Refusal::AlreadyServed`].
    pub fn serve(
        self,
        served: Served,
        (now, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<(Self, ConfirmationServed), Refusal> {
        let served_in = [State::Confirmed, State::Objection, State::Dismissed];
        let mut application = self.note(&served_in, now)?;
        if !application.party_ids.contains(&served.party_id) {
            return Err(Refusal::NotAParty);
        }
        if served.received_on > today || Some(served.received_on) < application.ruled_on {
            return Err(Refusal::ReceiptDay);
        }
        if application.served(served.party_id).is_some() {
            return Err(Refusal::AlreadyServed);
        }
        let event = ConfirmationServed {
            application_id: application.id,
            case_id: application.case_id,
            region: application.region,
            party_id: served.party_id,
            received_on: served.received_on,
            last_day: served.last_day,
        };
        application.course.served.push(served);
        Ok((application, event))
    }

    fn served(&self, party_id: PartyId) -> Option<&Served> {
        self.course
            .served
            .iter()
            .find(|served| served.party_id == party_id)
    }

    /// Somebody objects to the ruling that the agreement is valid 提出异议, also while another objection is open: everybody has a time
    /// of its own for it.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::NotAParty`], [`Refusal::NotServed`], [`Refusal::ReceiptDay`],
    /// [`Refusal::ObjectionLate`].
    pub fn object(
        self,
        objector: Objector,
        grounds: String,
        (now, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<(Self, ConfirmationObjected), Refusal> {
        let due_at = self.due_at;
        let mut application = self.go("object_to_ruling", State::Objection, now)?;
        application.due_at = due_at;
        let (kind, party_id, knew_on, last_day) = match objector {
            Objector::Party(party) if !application.party_ids.contains(&party) => {
                return Err(Refusal::NotAParty);
            }
            Objector::Party(party) if application.objects(party) => {
                return Err(Refusal::NotAllowed(application.state));
            }
            Objector::Party(party) => {
                let served = application.served(party).ok_or(Refusal::NotServed)?;
                (ObjectorKind::Party, Some(party), None, served.last_day)
            }
            Objector::ThirdParty(knew_on, _) if knew_on > today => {
                return Err(Refusal::KnowledgeDay);
            }
            Objector::ThirdParty(knew_on, last_day) => {
                (ObjectorKind::ThirdParty, None, Some(knew_on), last_day)
            }
        };
        if today > last_day {
            return Err(Refusal::ObjectionLate(last_day));
        }
        application.course.objections.push(Objection {
            objector: kind,
            party_id,
            knew_on,
            grounds,
            objected_at: now,
            outcome: None,
            ruling_number: None,
            decided_on: None,
            replaced_number: None,
        });
        let event = fact!(ConfirmationObjected, application, objector: kind, objected_at: now);
        Ok((application, event))
    }

    /// Whether the court has not decided yet on an objection of a party.
    fn objects(&self, party_id: PartyId) -> bool {
        let mut open = self
            .course
            .objections
            .iter()
            .filter(|o| o.outcome.is_none());
        open.any(|objection| objection.party_id == Some(party_id))
    }

    /// The court decides on the objection that has waited longest: the ruling stands, or is replaced by another, which is to be served
    /// anew. When it is revoked, the others are decided with it.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::DecisionDay`].
    pub fn decide_objection(
        self,
        decision: Decision,
        (now, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<(Self, ConfirmationObjectionDecided), Refusal> {
        let open = self
            .course
            .objections
            .iter()
            .filter(|o| o.outcome.is_none());
        let others = open.count() > 1;
        let to = match decision.outcome {
            ObjectionOutcome::Revoked => State::Revoked,
            ObjectionOutcome::Maintained | ObjectionOutcome::Changed if others => State::Objection,
            ObjectionOutcome::Maintained | ObjectionOutcome::Changed => State::Confirmed,
        };
        let due_at = self.due_at;
        let mut application = self.go("decide_objection", to, now)?;
        if decision.decided_on > today || Some(decision.decided_on) < application.ruled_on {
            return Err(Refusal::DecisionDay);
        }
        let replaced = if decision.outcome == ObjectionOutcome::Changed {
            application.ruled_on = Some(decision.decided_on);
            application.course.served.clear();
            application.ruling_number.replace(decision.number.clone())
        } else {
            application.due_at = due_at.filter(|_| to != State::Revoked);
            None
        };
        let decided = match to {
            State::Revoked => usize::MAX,
            _ => 1,
        };
        let open = application.course.objections.iter_mut();
        for objection in open.filter(|o| o.outcome.is_none()).take(decided) {
            objection.outcome = Some(decision.outcome);
            objection.ruling_number = Some(decision.number.clone());
            objection.decided_on = Some(decision.decided_on);
            objection.replaced_number.clone_from(&replaced);
        }
        let event = fact!(ConfirmationObjectionDecided, application, outcome: decision.outcome, ruling_number: decision.number, amendment: Some(application.amendment), decided_at: now);
        Ok((application, event))
    }
}
