//! How the court reviews an application: what it asks for besides, how it hears the parties, what it waits for
//! (民诉法解释 354, 356, 357; 人民法院在线调解规则 23).

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::judicial_confirmation::{
        ConfirmationQuestioned, ConfirmationResumed, ConfirmationSupplementAsked,
        ConfirmationSupplemented, ConfirmationSuspended, ConfirmationTreatedAsWithdrawn,
    },
    ids::PartyId,
};
use policy::{Due, sections::confirmation::Confirmation};

use super::{
    application::{Application, ApplicationState as State},
    clock,
    course::{Questioning, Supplement, Suspension},
    fact,
    parties::check_known,
    refusal::Refusal,
};

/// States in which an application is under way.
pub const UNDER_WAY: &[State] = &[
    State::Preparing,
    State::AwaitOtherParty,
    State::JointSubmitted,
    State::CourtReceived,
    State::Supplement,
    State::CourtAccepted,
    State::Reviewing,
];
/// The code of the reason for which an application whose time for a supplement ran out is treated as withdrawn.
pub const NO_SUPPLEMENT: &str = "no_supplement";

/// What the court asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Papers, codes of the policy pack.
    pub materials: Vec<String>,
    /// What is to be stated or explained.
    pub statement: Option<String>,
}

impl Application {
    /// The court asks for papers or a statement 要求限期补充, as often as it must.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::UnknownMaterial`], [`Refusal::NothingAsked`].
    pub fn ask_supplement(
        self,
        asked: Asked,
        due: &Due,
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationSupplementAsked), Refusal> {
        let (from, court_due_at) = (self.state, self.due_at);
        let mut application = self.go("ask_supplement", State::Supplement, now)?;
        check_known(&asked.materials, confirmation)?;
        if asked.materials.is_empty() && asked.statement.is_none() {
            return Err(Refusal::NothingAsked);
        }
        application.due_at = Some(due.at);
        application.course.supplements.push(Supplement {
            materials: asked.materials,
            statement: asked.statement,
            asked_at: now,
            last_day: due.last_day,
            from,
            court_due_at,
            supplied_at: None,
            answer: None,
        });
        let event = fact!(ConfirmationSupplementAsked, application, asked_at: now);
        Ok((application, event))
    }

    /// The applicants hand in everything the court asked for 补正; the application goes back to where it stood.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::NotAskedFor`], [`Refusal::SupplementIncomplete`].
    pub fn supply(
        self,
        materials: &[String],
        answer: Option<String>,
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationSupplemented), Refusal> {
        let not_allowed = Refusal::NotAllowed(self.state);
        let Some(asked) = self.course.supplements.last().cloned() else {
            return Err(not_allowed);
        };
        let mut application = self.go("supply_supplement", asked.from, now)?;
        if let Some(place) = materials.iter().position(|m| !asked.materials.contains(m)) {
            return Err(Refusal::NotAskedFor(place));
        }
        let missing: Vec<_> = asked
            .materials
            .iter()
            .filter(|code| !materials.contains(code))
            .filter_map(|code| confirmation.material(code).cloned())
            .collect();
        let unanswered = asked.statement.is_some() && answer.is_none();
        if !missing.is_empty() || unanswered {
            return Err(Refusal::SupplementIncomplete(missing, unanswered));
        }
        // The time the law gives the court runs on meanwhile (民事诉讼法 187).
        application.due_at = asked.court_due_at;
        for code in materials {
            if !application.materials.contains(code) {
                application.materials.push(code.clone());
            }
        }
        if let Some(open) = application.course.supplements.last_mut() {
            open.supplied_at = Some(now);
            open.answer = answer;
        }
        let event = fact!(ConfirmationSupplemented, application, supplemented_at: now);
        Ok((application, event))
    }

    /// The court treats it as withdrawn 按撤回申请处理: nothing was handed in within the time, or a party refused to be
    /// questioned.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::UnknownReason`].
    pub fn treat_as_withdrawn(
        self,
        reason: &str,
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationTreatedAsWithdrawn), Refusal> {
        let mut application = self.go("treat_as_withdrawn", State::CourtWithdrawn, now)?;
        if confirmation.withdrawal_reason(reason).is_none() {
            return Err(Refusal::UnknownReason);
        }
        application.course.withdrawal_reason = Some(reason.to_owned());
        let event = fact!(ConfirmationTreatedAsWithdrawn, application, reason: reason.to_owned(), treated_at: now);
        Ok((application, event))
    }

    /// The court hears the parties 到场核实. Who was there is recorded; `today` is the date in China.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::UnknownWay`], [`Refusal::NotAPartyAt`], [`Refusal::QuestioningDay`].
    pub fn question(
        self,
        held: Questioning,
        confirmation: &Confirmation,
        (now, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<(Self, ConfirmationQuestioned), Refusal> {
        let due_at = self.due_at;
        let mut application = self.go("question_parties", State::Reviewing, now)?;
        if confirmation.questioning_way(&held.way).is_none() {
            return Err(Refusal::UnknownWay);
        }
        let known = |party: &PartyId| application.party_ids.contains(party);
        if let Some(place) = held.present.iter().position(|party| !known(party)) {
            return Err(Refusal::NotAPartyAt(place));
        }
        let applied_on = policy::clock::due::beijing_date(application.created_at);
        if held.held_on > today || held.held_on < applied_on {
            return Err(Refusal::QuestioningDay);
        }
        application.due_at = due_at;
        application.course.questionings.push(held);
        let event = fact!(ConfirmationQuestioned, application, questioned_at: now);
        Ok((application, event))
    }

    /// Whether the court heard all parties together (民诉法解释 356).
    #[must_use]
    pub fn all_were_present(&self) -> bool {
        self.course.questionings.iter().any(|held| {
            self.party_ids
                .iter()
                .all(|party| held.present.contains(party))
        })
    }

    /// The court's time is lengthened, while it reviews.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub fn extend(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        self.note(&[State::CourtAccepted, State::Reviewing], now)
    }

    /// Suspected of sham mediation, it waits; meanwhile it can only end unconfirmed.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], [`Refusal::Suspended`], [`Refusal::UnknownReason`].
    pub fn suspend(
        self,
        (reason, by_court): (&str, bool),
        confirmation: &Confirmation,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConfirmationSuspended), Refusal> {
        let mut application = self.note(UNDER_WAY, now)?;
        if application.course.suspension.is_some() {
            return Err(Refusal::Suspended);
        }
        if confirmation.suspension_reason(reason).is_none() {
            return Err(Refusal::UnknownReason);
        }
        application.course.suspension = Some(Suspension {
            reason: reason.to_owned(),
            by_court,
            since: now,
        });
        let event = fact!(ConfirmationSuspended, application, suspended_at: now);
        Ok((application, event))
    }

    /// A time limit of it that stood still goes on, and is due at another time now.
    #[must_use]
    pub fn moved(mut self, kind: &str, due: &Due) -> Self {
        let waits = self.state == State::Supplement;
        let asked = self.course.supplements.last_mut().filter(|_| waits);
        match (kind, asked) {
            (clock::TARGET, _) => {}
            // Where it goes back to after the supplement.
            (clock::CONFIRM, Some(asked)) => asked.court_due_at = Some(due.at),
            (clock::SUPPLEMENT, Some(asked)) => {
                asked.last_day = due.last_day;
                self.due_at = Some(due.at);
            }
            _ => self.due_at = Some(due.at),
        }
        self
    }

    /// The suspicion is cleared up.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`] when it is not suspended.
    pub fn resume(self, now: DateTime<Utc>) -> Result<(Self, ConfirmationResumed), Refusal> {
        let mut application = self.note(UNDER_WAY, now)?;
        if application.course.suspension.take().is_none() {
            return Err(Refusal::NotAllowed(application.state));
        }
        let event = fact!(ConfirmationResumed, application, resumed_at: now);
        Ok((application, event))
    }
}
