//! An application to give an agreement effect in another way than judicial confirmation. One small machine for all of them;
//! who applies, the clocks and the outcomes are the policy pack's.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::effect::{
        EffectAccepted, EffectApplied, EffectDecided, EffectRefused, EffectWithdrawn,
    },
    ids::{AgreementId, CaseId, EffectApplicationId, OrganisationId, PartyId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use policy::sections::effects::{Applicants, EffectOutcome, EffectRoute};

use super::{agreement::Agreement, refusal::Refusal};
use EffectState as State;

text_enum! {
    /// State of an application for effect.
    pub enum EffectState {
        /// 一方已申请,待其他当事人.
        AwaitOtherParty => "await_other_party",
        /// 已提交.
        Submitted => "submitted",
        /// 受理.
        Accepted => "accepted",
        /// 不予受理.
        Refused => "refused",
        /// 有结果.
        Decided => "decided",
        /// 撤回.
        Withdrawn => "withdrawn",
    }
}

/// An application to give an agreement effect.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = crate::schema::effect_applications, treat_none_as_null = true)]
pub struct EffectApplication {
    /// The application.
    pub id: EffectApplicationId,
    /// Raised with every change.
    pub version: i64,
    /// Where the agreement was made.
    pub region: RegionCode,
    /// Where it stands.
    pub state: EffectState,
    /// Which way, a code of the policy pack.
    pub kind: String,
    /// Not beside a judicial confirmation.
    pub exclusive: bool,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// The case.
    pub case_id: CaseId,
    /// The organisation that mediated.
    pub organisation_id: OrganisationId,
    /// Dispute type code.
    pub type_code: String,
    /// The agreement's parties.
    pub party_ids: Vec<PartyId>,
    /// Those who applied.
    pub applicant_ids: Vec<PartyId>,
    /// Who decides.
    pub body_id: OrganisationId,
    /// Why it was not taken on.
    pub note: Option<String>,
    /// What came of it, a code of the policy pack.
    pub outcome: Option<String>,
    /// Whether the agreement can be enforced by it.
    pub enforceable: bool,
    /// Number of the paper.
    pub number: Option<String>,
    /// Its day.
    pub decided_on: Option<NaiveDate>,
    /// Since when it waits because a sham is suspected (人民法院在线调解规则 23).
    pub suspended_at: Option<DateTime<Utc>>,
    /// The end of the time limit that runs now.
    pub due_at: Option<DateTime<Utc>>,
    /// When the first party applied.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl StateMachine for EffectApplication {
    type State = State;
    const NAME: (&'static str, &'static str) = ("effect application", "赋予效力申请");
    const TRANSITIONS: &'static [Transition<State>] = &[
        step(
            "apply_for_effect",
            "申请(一方先行)",
            &[],
            State::AwaitOtherParty,
        ),
        step("apply_for_effect", "申请", &[], State::Submitted),
        step(
            "join_effect_application",
            "加入申请",
            &[State::AwaitOtherParty],
            State::AwaitOtherParty,
        ),
        step(
            "join_effect_application",
            "共同提交",
            &[State::AwaitOtherParty],
            State::Submitted,
        ),
        step(
            "withdraw_effect_application",
            "撤回",
            &[State::AwaitOtherParty, State::Submitted, State::Accepted],
            State::Withdrawn,
        ),
        step(
            "accept_effect_application",
            "受理",
            &[State::Submitted],
            State::Accepted,
        ),
        step(
            "refuse_effect_application",
            "不予受理",
            &[State::Submitted],
            State::Refused,
        ),
        step(
            "decide_effect_application",
            "登记结果",
            &[State::Accepted, State::Decided],
            State::Decided,
        ),
    ];
}

const fn step(
    command: &'static str,
    action: &'static str,
    from: &'static [State],
    to: State,
) -> Transition<State> {
    Transition {
        number: 0,
        command,
        action,
        from,
        to,
    }
}

/// The event of something that happened to an application for effect.
macro_rules! fact {
    ($event:ident, $application:expr, $($field:ident: $value:expr),+) => {
        $event {
            effect_application_id: $application.id,
            agreement_id: $application.agreement_id,
            case_id: $application.case_id,
            region: $application.region,
            kind: $application.kind.clone(),
            $($field: $value),+
        }
    };
}

/// What came of an application.
#[derive(Debug, Clone)]
pub struct EffectDecision {
    /// Number of the paper.
    pub number: Option<String>,
    /// Its day.
    pub decided_on: NaiveDate,
}

impl EffectApplication {
    /// Parties apply. Where all must, those missing join later. `last_day` is the last day the way sets for it, if any.
    ///
    /// # Errors
    /// [`Refusal::EffectRouteNotOpen`], [`Refusal::NotAParty`], [`Refusal::WindowClosed`].
    pub fn apply(
        agreement: &Agreement,
        (id, body_id): (EffectApplicationId, OrganisationId),
        applicants: Vec<PartyId>,
        (route, last_day): (&EffectRoute, Option<NaiveDate>),
        (now, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<Self, Refusal> {
        if applicants.is_empty() || !applicants.iter().all(|p| agreement.party_ids.contains(p)) {
            return Err(Refusal::NotAParty);
        }
        let against_nobody = applicants.len() >= agreement.party_ids.len()
            && route.applicants == Applicants::OneParty;
        let no_money = route.money_only && agreement.amount_fen == 0;
        if !route.is_for(&agreement.type_code) || no_money || against_nobody {
            return Err(Refusal::EffectRouteNotOpen);
        }
        if let Some(last_day) = last_day.filter(|last_day| today > *last_day) {
            return Err(Refusal::WindowClosed(last_day));
        }
        let mut application = Self {
            id,
            version: 1,
            region: agreement.region,
            state: State::AwaitOtherParty,
            kind: route.code.clone(),
            exclusive: route.exclusive,
            agreement_id: agreement.id,
            case_id: agreement.case_id,
            organisation_id: agreement.organisation_id,
            type_code: agreement.type_code.clone(),
            party_ids: agreement.party_ids.clone(),
            applicant_ids: applicants,
            body_id,
            note: None,
            outcome: None,
            enforceable: false,
            number: None,
            decided_on: None,
            suspended_at: None,
            due_at: None,
            created_at: now,
            updated_at: now,
        };
        if route.applicants == Applicants::OneParty || application.complete() {
            application.state = State::Submitted;
        }
        Ok(application)
    }

    fn complete(&self) -> bool {
        self.party_ids
            .iter()
            .all(|party| self.applicant_ids.contains(party))
    }

    /// The event once everybody who must has applied; `None` while somebody is waited for.
    #[must_use]
    pub fn applied(&self, now: DateTime<Utc>) -> Option<EffectApplied> {
        (self.state == State::Submitted)
            .then(|| fact!(EffectApplied, self, body_id: self.body_id, applied_at: now))
    }

    fn go(mut self, command: &'static str, to: State, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let allowed = Self::TRANSITIONS
            .iter()
            .any(|t| t.command == command && t.to == to && t.from.contains(&self.state));
        if !allowed {
            return Err(Refusal::EffectNotAllowed(self.state));
        }
        if self.suspended_at.is_some() && !matches!(to, State::Withdrawn | State::Refused) {
            return Err(Refusal::Suspended);
        }
        self.suspended_at = None;
        self.state = to;
        self.due_at = None;
        self.version += 1;
        self.updated_at = now;
        Ok(self)
    }

    /// It waits while a sham is suspected: it may be taken back or not taken on, nothing else. `None` when it is at its end, or waits
    /// already. One whose outcome is still to become another is not at its end.
    #[must_use]
    pub fn suspend(mut self, now: DateTime<Utc>) -> Option<Self> {
        let ended = match self.state {
            State::AwaitOtherParty | State::Submitted | State::Accepted => false,
            State::Decided => self.due_at.is_none(),
            State::Refused | State::Withdrawn => true,
        };
        if ended || self.suspended_at.is_some() {
            return None;
        }
        self.suspended_at = Some(now);
        self.version += 1;
        self.updated_at = now;
        Some(self)
    }

    /// The suspicion is cleared: it goes on. `None` when it did not wait.
    #[must_use]
    pub fn resume(mut self, now: DateTime<Utc>) -> Option<Self> {
        self.suspended_at.take()?;
        self.version += 1;
        self.updated_at = now;
        Some(self)
    }

    /// Another party joins where all must apply. `last_day` as for [`EffectApplication::apply`].
    ///
    /// # Errors
    /// [`Refusal::EffectNotAllowed`], [`Refusal::Suspended`], [`Refusal::NotAParty`], [`Refusal::AlreadyApplied`],
    /// [`Refusal::WindowClosed`].
    pub fn join(
        mut self,
        party_id: PartyId,
        last_day: Option<NaiveDate>,
        (now, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<Self, Refusal> {
        if !self.party_ids.contains(&party_id) {
            return Err(Refusal::NotAParty);
        }
        if self.applicant_ids.contains(&party_id) {
            return Err(Refusal::AlreadyApplied);
        }
        if let Some(last_day) = last_day.filter(|last_day| today > *last_day) {
            return Err(Refusal::WindowClosed(last_day));
        }
        self.applicant_ids.push(party_id);
        let to = if self.complete() {
            State::Submitted
        } else {
            State::AwaitOtherParty
        };
        self.go("join_effect_application", to, now)
    }

    /// It is taken back.
    ///
    /// # Errors
    /// [`Refusal::EffectNotAllowed`].
    pub fn withdraw(self, now: DateTime<Utc>) -> Result<(Self, EffectWithdrawn), Refusal> {
        let application = self.go("withdraw_effect_application", State::Withdrawn, now)?;
        let event = fact!(EffectWithdrawn, application, withdrawn_at: now);
        Ok((application, event))
    }

    /// Who decides takes it on 受理.
    ///
    /// # Errors
    /// [`Refusal::EffectNotAllowed`].
    pub fn accept(self, now: DateTime<Utc>) -> Result<(Self, EffectAccepted), Refusal> {
        let application = self.go("accept_effect_application", State::Accepted, now)?;
        let event = fact!(EffectAccepted, application, accepted_at: now);
        Ok((application, event))
    }

    /// Who decides does not take it on 不予受理.
    ///
    /// # Errors
    /// [`Refusal::EffectNotAllowed`].
    pub fn refuse(
        self,
        note: String,
        now: DateTime<Utc>,
    ) -> Result<(Self, EffectRefused), Refusal> {
        let mut application = self.go("refuse_effect_application", State::Refused, now)?;
        application.note = Some(note);
        let event = fact!(EffectRefused, application, refused_at: now);
        Ok((application, event))
    }

    /// It came to something. An outcome that follows another needs that one; a first one needs none. `today` is the date in
    /// China.
    ///
    /// # Errors
    /// [`Refusal::EffectNotAllowed`], [`Refusal::UnknownOutcome`], [`Refusal::DecisionDay`].
    pub fn decide(
        self,
        outcome: &EffectOutcome,
        decision: EffectDecision,
        (now, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<(Self, EffectDecided), Refusal> {
        let before = self.outcome.clone();
        let applied_on = policy::clock::due::beijing_date(self.created_at);
        let mut application = self.go("decide_effect_application", State::Decided, now)?;
        if outcome.after != before {
            return Err(Refusal::UnknownOutcome);
        }
        if decision.decided_on > today || decision.decided_on < applied_on {
            return Err(Refusal::DecisionDay);
        }
        application.outcome = Some(outcome.code.clone());
        application.enforceable = outcome.enforceable;
        application.decided_on = Some(decision.decided_on);
        if decision.number.is_some() {
            application.number = decision.number;
        }
        let number = application.number.clone();
        let event = fact!(EffectDecided, application, outcome: outcome.code.clone(), enforceable: outcome.enforceable,
            number: number, decided_on: decision.decided_on, decided_at: now);
        Ok((application, event))
    }
}
