//! Choosing the mediators (人民调解法 19, 23; 人民法院在线调解规则 10, 12, 13): the parties together, else the organisation; the
//! mediators accept or refuse; an interest they disclose needs every party's acceptance.

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{ChosenBy, MediatorAnswered, MediatorsChosen},
    ids::{MediatorId, PartyId},
    problems::mediation as codes,
};
use policy::PolicyPack;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    proceeding::{Proceeding, ProceedingState},
    start::{Disclosure, check_mediators},
    step,
};

/// Whom a party chose last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartyChoice {
    /// The party.
    pub party_id: PartyId,
    /// The mediators; the first presides.
    pub mediator_ids: Vec<MediatorId>,
    /// Whether it accepts the interests these mediators disclosed.
    pub accepts_interests: bool,
    /// When.
    pub chosen_at: DateTime<Utc>,
}

/// Who is to mediate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chosen {
    /// The mediators; the first presides.
    pub mediator_ids: Vec<MediatorId>,
    /// The parties together, or the organisation.
    pub by: ChosenBy,
    /// When.
    pub chosen_at: DateTime<Utc>,
}

/// What a chosen mediator answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MediatorAnswer {
    /// The mediator.
    pub mediator_id: MediatorId,
    /// Whether they accept.
    pub accepts: bool,
    /// Why they refuse.
    pub reason: Option<String>,
    /// The relation or interest they disclose.
    pub interest: Option<String>,
    /// When.
    pub answered_at: DateTime<Utc>,
}

/// How the mediators of a proceeding are chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MediatorChoice {
    /// Whom each party chose.
    pub by_party: Vec<PartyChoice>,
    /// Who is to mediate; null until the parties agree or the organisation appoints.
    pub chosen: Option<Chosen>,
    /// What the mediators answered, the earliest first.
    pub answers: Vec<MediatorAnswer>,
    /// Whether the organisation may appoint: the parties' time is over, or a mediator refused or did not answer.
    pub appointable: bool,
}

impl MediatorChoice {
    /// The last answer of a mediator.
    fn answer(&self, mediator: MediatorId) -> Option<&MediatorAnswer> {
        let mut answers = self.answers.iter().rev();
        answers.find(|answer| answer.mediator_id == mediator)
    }

    /// Whether a party chose these and knows of their interests.
    fn accepted_by(&self, party: PartyId, chosen: &[MediatorId]) -> bool {
        self.by_party.iter().any(|choice| {
            choice.party_id == party
                && choice.accepts_interests
                && same(&choice.mediator_ids, chosen)
        })
    }

    /// Lets the organisation appoint somebody.
    fn reopen(&mut self) {
        self.chosen = None;
        self.by_party.clear();
        self.appointable = true;
    }
}

/// Whether two lists name the same mediators under the same president.
fn same(one: &[MediatorId], other: &[MediatorId]) -> bool {
    one.len() == other.len()
        && one.first() == other.first()
        && one.iter().all(|id| other.contains(id))
}

impl Proceeding {
    /// A party chooses mediators; when every party chose the same, they are chosen.
    /// That the mediators are the organisation's is for the caller to check.
    ///
    /// # Errors
    /// `transition-not-allowed`, `consent-missing`, `unknown-party`, `invalid-body`; `mediator-conflict` when one of them
    /// disclosed an interest and the party does not accept it.
    pub fn choose(
        mut self,
        party_id: PartyId,
        mediator_ids: Vec<MediatorId>,
        accepts_interests: bool,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.may_choose(&mediator_ids, policy)?;
        if !self.party_ids().contains(&party_id) {
            return Err(Refusal::new(&codes::UNKNOWN_PARTY).at("/party_id"));
        }
        let parties = self.party_ids();
        let choice = &mut self.course.choice;
        let interested = |id: &MediatorId| {
            choice
                .answer(*id)
                .is_some_and(|answer| answer.interest.is_some())
        };
        if mediator_ids.iter().any(interested) && !accepts_interests {
            return Err(Refusal::new(&codes::MEDIATOR_CONFLICT).at("/accepts_interests"));
        }
        choice.by_party.retain(|of| of.party_id != party_id);
        choice.by_party.push(PartyChoice {
            party_id,
            mediator_ids: mediator_ids.clone(),
            accepts_interests,
            chosen_at: now,
        });
        let chose = |party: &PartyId| {
            choice
                .by_party
                .iter()
                .any(|of| of.party_id == *party && same(&of.mediator_ids, &mediator_ids))
        };
        let already = choice
            .chosen
            .as_ref()
            .is_some_and(|chosen| same(&chosen.mediator_ids, &mediator_ids));
        if already || !parties.iter().all(chose) {
            return Ok((self.changed(now), Vec::new()));
        }
        let fact = self.chosen(mediator_ids, ChosenBy::Parties, now);
        Ok((self.changed(now), vec![fact]))
    }

    /// The organisation appoints mediators, when it may.
    /// That the mediators are the organisation's is for the caller to check.
    ///
    /// # Errors
    /// `transition-not-allowed`, `consent-missing`, `invalid-body`; `choice-pending` while the parties may still choose.
    pub fn appoint(
        mut self,
        mediator_ids: Vec<MediatorId>,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.may_choose(&mediator_ids, policy)?;
        if !self.course.choice.appointable {
            return Err(Refusal::new(&codes::CHOICE_PENDING));
        }
        let fact = self.chosen(mediator_ids, ChosenBy::Organisation, now);
        Ok((self.changed(now), vec![fact]))
    }

    /// A chosen mediator accepts, also with an interest they disclose, or refuses with a reason. After a refusal the
    /// organisation appoints somebody else (人民法院在线调解规则 12).
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-mediator`, `text-required`, `text-too-long`.
    pub fn answer_choice(
        mut self,
        answer: MediatorAnswer,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        step::<Self>(
            Some(self.state),
            "answer_choice",
            ProceedingState::ConsentPending,
        )?;
        let mediator_id = answer.mediator_id;
        let choice = &mut self.course.choice;
        let is_chosen = choice
            .chosen
            .as_ref()
            .is_some_and(|chosen| chosen.mediator_ids.contains(&mediator_id));
        if !is_chosen {
            return Err(Refusal::new(&codes::UNKNOWN_MEDIATOR).at("/mediator_id"));
        }
        let note_max = policy.limits().note_max;
        if let Some(interest) = &answer.interest {
            Refusal::check_text(interest, note_max, "/interest")?;
            for of in &mut choice.by_party {
                of.accepts_interests = false;
            }
        }
        if !answer.accepts {
            let reason = answer.reason.as_deref().unwrap_or_default();
            Refusal::check_text(reason, note_max, "/reason")?;
            choice.reopen();
        }
        let answered = MediatorAnswered {
            proceeding_id: self.id,
            case_id: self.case_id,
            mediator_id,
            accepts: answer.accepts,
            answered_at: now,
        };
        choice.answers.push(answer);
        Ok((self.changed(now), vec![answered.into()]))
    }

    /// The parties' time to choose is over, or a mediator did not answer in time: the organisation may appoint. Gives
    /// nothing when there is nothing to do.
    #[must_use]
    pub fn choice_expired(mut self, no_answer: bool, now: DateTime<Utc>) -> Option<Self> {
        let choice = &mut self.course.choice;
        let waiting = match &choice.chosen {
            None => !no_answer && !choice.appointable,
            Some(chosen) => {
                let answered = |id: &MediatorId| choice.answer(*id).is_some();
                no_answer && !chosen.mediator_ids.iter().all(answered)
            }
        };
        if self.state != ProceedingState::ConsentPending || !waiting {
            return None;
        }
        if no_answer {
            choice.reopen();
        } else {
            choice.appointable = true;
        }
        Some(self.changed(now))
    }

    /// Who is to start, with what they disclosed. Without a choice on record those whom the caller names: the start itself
    /// records that the parties chose them at the desk.
    ///
    /// # Errors
    /// `choice-pending`, `mediator-not-accepted`, `mediator-conflict`.
    pub(super) fn starters(
        &self,
        named: Vec<MediatorId>,
        disclosures: Vec<Disclosure>,
    ) -> Result<(Vec<MediatorId>, Vec<Disclosure>), Refusal> {
        let choice = &self.course.choice;
        let Some(chosen) = &choice.chosen else {
            if choice.by_party.is_empty() && !choice.appointable {
                return Ok((named, disclosures));
            }
            return Err(Refusal::new(&codes::CHOICE_PENDING));
        };
        if !named.is_empty() && !same(&named, &chosen.mediator_ids) {
            return Err(Refusal::new(&codes::MEDIATOR_NOT_ACCEPTED).at("/mediator_ids"));
        }
        let mut told = Vec::new();
        for mediator_id in &chosen.mediator_ids {
            let answer = choice.answer(*mediator_id);
            let answer = answer
                .filter(|answer| answer.accepts)
                .ok_or_else(|| Refusal::new(&codes::MEDIATOR_NOT_ACCEPTED))?;
            if let Some(interest) = &answer.interest {
                let accepted = |party: &PartyId| choice.accepted_by(*party, &chosen.mediator_ids);
                if !self.party_ids().iter().all(accepted) {
                    return Err(Refusal::new(&codes::MEDIATOR_CONFLICT));
                }
                told.push(Disclosure {
                    mediator_id: *mediator_id,
                    interest: interest.clone(),
                    accepted_by_all: true,
                });
            }
        }
        Ok((chosen.mediator_ids.clone(), told))
    }

    /// Whether nobody who was chosen still has to answer.
    #[must_use]
    pub fn choice_answered(&self) -> bool {
        let choice = &self.course.choice;
        let answered = |chosen: &Chosen| {
            let mut ids = chosen.mediator_ids.iter();
            ids.all(|id| choice.answer(*id).is_some())
        };
        choice.chosen.as_ref().is_none_or(answered)
    }

    fn may_choose(&self, mediator_ids: &[MediatorId], policy: &PolicyPack) -> Result<(), Refusal> {
        step::<Self>(
            Some(self.state),
            "choose_mediator",
            ProceedingState::ConsentPending,
        )?;
        if !self.all_consented() {
            return Err(Refusal::new(&codes::CONSENT_MISSING));
        }
        check_mediators(mediator_ids, policy)
    }

    fn chosen(&mut self, mediator_ids: Vec<MediatorId>, by: ChosenBy, now: DateTime<Utc>) -> Fact {
        let event = MediatorsChosen {
            proceeding_id: self.id,
            case_id: self.case_id,
            region: self.region,
            mediator_ids: mediator_ids.clone(),
            by,
            chosen_at: now,
        };
        // Whoever accepted already need not accept again; who refused may be asked again.
        let choice = &mut self.course.choice;
        choice.answers.retain(|answer| answer.accepts);
        choice.chosen = Some(Chosen {
            mediator_ids,
            by,
            chosen_at: now,
        });
        event.into()
    }
}
