//! Petitions 信访诉求 (IN-02, IN-23): the three-way decision, handling, review and re-review (信访工作条例 31-36). A person decides each
//! step; the terms are the policy pack's clocks.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::intake::{
        MatterClass, PetitionAnswered, PetitionDecided, PetitionEnded, PetitionExtended,
        PetitionKind, PetitionReviewAsked, PetitionServed, PetitionStage,
    },
    ids::{MatterId, OrganisationId},
    lifecycle::{StateMachine, Transition},
    text_enum,
};
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use policy::{Calendar, ClockRule, Due, sections::intake::PetitionWay};

use super::{
    Refusal,
    matter::{Matter, MatterState},
};

text_enum! {
    /// State of a petition.
    pub enum PetitionState {
        /// 已引导: it goes on in another procedure.
        Guided => "guided",
        /// 办理中.
        Handling => "handling",
        /// 已出具处理意见.
        Concluded => "concluded",
        /// 复查中.
        Reviewing => "reviewing",
        /// 已复查.
        Reviewed => "reviewed",
        /// 复核中.
        ReReviewing => "re_reviewing",
        /// 复核终结: not accepted again (信访工作条例 36).
        Final => "final",
    }
}

impl PetitionState {
    /// Its name in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Guided => ("已引导至其他程序", "guided to another procedure"),
            Self::Handling => ("办理中", "being handled"),
            Self::Concluded => ("已出具处理意见", "answered"),
            Self::Reviewing => ("复查中", "under review"),
            Self::Reviewed => ("已复查", "reviewed"),
            Self::ReReviewing => ("复核中", "under the second review"),
            Self::Final => ("复核终结", "finally concluded"),
        }
    }
}

/// A petition: what a matter of class `petition` was found to be, and how far it is.
#[derive(
    Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, Insertable, AsChangeset,
)]
#[diesel(table_name = crate::schema::petitions, primary_key(matter_id), treat_none_as_null = true)]
pub struct Petition {
    /// The matter.
    pub matter_id: MatterId,
    /// 建议意见、检举控告、申诉求决.
    pub kind: PetitionKind,
    /// A code of the policy pack's ways (信访工作条例 31).
    pub way: String,
    /// How far it is.
    pub state: PetitionState,
    /// How often its handling was lengthened.
    pub extensions: i32,
    /// The end of what runs in this state: the answer's, or the person's to ask for the next review.
    pub due_at: Option<DateTime<Utc>>,
    /// The last day, in Beijing.
    pub last_day: Option<NaiveDate>,
    /// Raised by every command.
    pub version: i64,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// When the person received the opinion that stands.
    pub served_at: Option<DateTime<Utc>>,
    /// When nothing more was to be done on it here.
    pub ended_at: Option<DateTime<Utc>>,
}

impl StateMachine for Petition {
    type State = PetitionState;
    const NAME: (&'static str, &'static str) = ("petition", "信访事项");
    const TRANSITIONS: &'static [Transition<PetitionState>] = &[
        step(
            "guide_petition",
            "引导至法定程序",
            &[],
            PetitionState::Guided,
        ),
        step(
            "decide_petition",
            "转入信访办理",
            &[],
            PetitionState::Handling,
        ),
        step(
            "extend_petition",
            "延期办理",
            &[PetitionState::Handling],
            PetitionState::Handling,
        ),
        step(
            "answer_petition",
            "出具处理意见",
            &[PetitionState::Handling],
            PetitionState::Concluded,
        ),
        step(
            "serve_petition",
            "送达处理意见",
            &[PetitionState::Concluded],
            PetitionState::Concluded,
        ),
        step(
            "ask_petition_review",
            "请求复查",
            &[PetitionState::Concluded],
            PetitionState::Reviewing,
        ),
        step(
            "answer_petition",
            "出具复查意见",
            &[PetitionState::Reviewing],
            PetitionState::Reviewed,
        ),
        step(
            "serve_petition",
            "送达复查意见",
            &[PetitionState::Reviewed],
            PetitionState::Reviewed,
        ),
        step(
            "ask_petition_review",
            "请求复核",
            &[PetitionState::Reviewed],
            PetitionState::ReReviewing,
        ),
        step(
            "answer_petition",
            "出具复核意见",
            &[PetitionState::ReReviewing],
            PetitionState::Final,
        ),
    ];
}

const fn step(
    command: &'static str,
    action: &'static str,
    from: &'static [PetitionState],
    to: PetitionState,
) -> Transition<PetitionState> {
    Transition {
        number: 0,
        command,
        action,
        from,
        to,
    }
}

/// The clocks of a petition, as the policy pack has them.
pub struct PetitionClocks<'a> {
    /// Handling: 60 days, and at most 30 more (信访工作条例 34).
    pub handle: &'a ClockRule,
    /// The person's time to ask for a review: 30 days from the receipt of the opinion (35, 36).
    pub ask: &'a ClockRule,
    /// A review's answer: 30 days (35, 36).
    pub review: &'a ClockRule,
    /// The days.
    pub calendar: &'a Calendar,
}

impl Petition {
    /// What a petition is found to be (信访工作条例 31): a way of the policy pack that fits its kind. Only the way of the petition
    /// opinion is handled here; its 60 days run from the acceptance.
    ///
    /// # Errors
    /// [`Refusal::NotAPetition`], [`Refusal::NotFrom`] before the acceptance, [`Refusal::PetitionNotFrom`] when it was decided,
    /// [`Refusal::WayNotOfKind`].
    pub fn decide(
        matter: &Matter,
        before: Option<&Self>,
        kind: PetitionKind,
        way: &PetitionWay,
        clocks: &PetitionClocks<'_>,
        now: DateTime<Utc>,
    ) -> Result<(Self, PetitionDecided), Refusal> {
        if matter.class != MatterClass::Petition {
            return Err(Refusal::NotAPetition);
        }
        if matter.state != MatterState::Accepted {
            return Err(Refusal::NotFrom(matter.state));
        }
        if let Some(before) = before {
            return Err(Refusal::PetitionNotFrom(before.state));
        }
        if !way.kinds.contains(&kind) {
            return Err(Refusal::WayNotOfKind);
        }
        let command = if way.handled_here {
            "decide_petition"
        } else {
            "guide_petition"
        };
        let to = Self::transition(None, command).map_or(PetitionState::Guided, |step| step.to);
        let accepted_at = matter.decided_at.unwrap_or(now);
        let due = way
            .handled_here
            .then(|| clocks.handle.due(accepted_at, clocks.calendar));
        let petition = Self {
            matter_id: matter.id,
            kind,
            way: way.code.clone(),
            state: to,
            extensions: 0,
            due_at: due.map(|due| due.at),
            last_day: due.map(|due| due.last_day),
            version: 1,
            updated_at: now,
            served_at: None,
            ended_at: (!way.handled_here).then_some(now),
        };
        let event = PetitionDecided {
            matter_id: matter.id,
            case_id: matter.case_id,
            region: matter.region,
            kind,
            way: way.code.clone(),
            due_at: petition.due_at,
            decided_at: now,
        };
        Ok((petition, event))
    }

    /// Whether its handling may take longer: once (信访工作条例 34).
    ///
    /// # Errors
    /// [`Refusal::PetitionNotFrom`], [`Refusal::PetitionExtended`].
    pub fn check_extendable(&self, clocks: &PetitionClocks<'_>) -> Result<(), Refusal> {
        self.target("extend_petition")?;
        let most = clocks.handle.extension.as_ref();
        let most = most.map_or(0, |extension| extension.max_times);
        let already = u32::try_from(self.extensions).unwrap_or(u32::MAX);
        if already < most {
            Ok(())
        } else {
            Err(Refusal::PetitionExtended)
        }
    }

    /// Lengthens the handling until `longer`, as the person in charge approved.
    ///
    /// # Errors
    /// [`Refusal::PetitionNotFrom`].
    pub fn extend(
        &mut self,
        matter: &Matter,
        longer: Due,
        now: DateTime<Utc>,
    ) -> Result<PetitionExtended, Refusal> {
        let to = self.target("extend_petition")?;
        self.extensions += 1;
        self.go(to, Some(longer), now);
        Ok(PetitionExtended {
            matter_id: matter.id,
            case_id: matter.case_id,
            region: matter.region,
            due_at: longer.at,
            extended_at: now,
        })
    }

    /// Whether an organisation may answer what runs: a review is for a higher one than those that gave their opinion before
    /// (信访工作条例 35, 36). `None` is the centre itself.
    ///
    /// # Errors
    /// [`Refusal::SameReviewer`].
    pub fn check_reviewer(
        &self,
        organisation: Option<OrganisationId>,
        before: &[Option<OrganisationId>],
    ) -> Result<(), Refusal> {
        let reviewed = matches!(
            self.state,
            PetitionState::Reviewing | PetitionState::ReReviewing
        );
        if reviewed && before.contains(&organisation) {
            return Err(Refusal::SameReviewer);
        }
        Ok(())
    }

    /// Answers what runs: the handling, the review or the re-review. After the last it is at its end.
    ///
    /// # Errors
    /// [`Refusal::PetitionNotFrom`].
    pub fn answer(
        &mut self,
        matter: &Matter,
        now: DateTime<Utc>,
    ) -> Result<PetitionAnswered, Refusal> {
        let to = self.target("answer_petition")?;
        let stage = match self.state {
            PetitionState::Reviewing => PetitionStage::Review,
            PetitionState::ReReviewing => PetitionStage::ReReview,
            _ => PetitionStage::Handling,
        };
        self.go(to, None, now);
        self.ended_at = (to == PetitionState::Final).then_some(now);
        Ok(PetitionAnswered {
            matter_id: matter.id,
            case_id: matter.case_id,
            region: matter.region,
            stage,
            answered_at: now,
        })
    }

    /// The person received the opinion: their time to ask for the next review begins (信访工作条例 35, 36); gives its end.
    ///
    /// # Errors
    /// [`Refusal::PetitionNotFrom`], [`Refusal::ServedAlready`], [`Refusal::ServedOutOfOrder`].
    pub fn serve(
        &mut self,
        matter: &Matter,
        served_at: DateTime<Utc>,
        clocks: &PetitionClocks<'_>,
        now: DateTime<Utc>,
    ) -> Result<(Due, PetitionServed), Refusal> {
        let to = self.target("serve_petition")?;
        if self.served_at.is_some() {
            return Err(Refusal::ServedAlready);
        }
        // It was changed last when the opinion was given.
        if served_at < self.updated_at || served_at > now {
            return Err(Refusal::ServedOutOfOrder);
        }
        let stage = match to {
            PetitionState::Reviewed => PetitionStage::Review,
            _ => PetitionStage::Handling,
        };
        let due = clocks.ask.due(served_at, clocks.calendar);
        self.go(to, Some(due), now);
        self.served_at = Some(served_at);
        let event = PetitionServed {
            matter_id: matter.id,
            case_id: matter.case_id,
            region: matter.region,
            stage,
            served_at,
            due_at: due.at,
        };
        Ok((due, event))
    }

    /// The person's time to ask for a review passed: the opinion stands. Gives whether that ends it.
    pub fn let_stand(&mut self, now: DateTime<Utc>) -> bool {
        let waits = matches!(
            self.state,
            PetitionState::Concluded | PetitionState::Reviewed
        );
        let over = self.due_at.is_some_and(|at| at <= now);
        if !waits || !over || self.ended_at.is_some() {
            return false;
        }
        self.ended_at = Some(now);
        self.version += 1;
        self.updated_at = now;
        true
    }

    /// The fact of its end, when so many matters of the case are `remaining`; `None` while it runs.
    #[must_use]
    pub fn ended(&self, matter: &Matter, remaining: u32) -> Option<PetitionEnded> {
        Some(PetitionEnded {
            matter_id: matter.id,
            case_id: matter.case_id,
            region: matter.region,
            remaining,
            ended_at: self.ended_at?,
        })
    }

    /// The person asks for the review, or after it for the re-review; gives when its answer is due.
    ///
    /// # Errors
    /// [`Refusal::PetitionFinal`] after the re-review (信访工作条例 36), [`Refusal::PetitionNotFrom`], [`Refusal::ReviewWindowOver`].
    pub fn ask_review(
        &mut self,
        matter: &Matter,
        clocks: &PetitionClocks<'_>,
        now: DateTime<Utc>,
    ) -> Result<(Due, PetitionReviewAsked), Refusal> {
        if self.state == PetitionState::Final {
            return Err(Refusal::PetitionFinal);
        }
        let to = self.target("ask_petition_review")?;
        if let Some((_, last_day)) = self.due_at.zip(self.last_day).filter(|(at, _)| now >= *at) {
            return Err(Refusal::ReviewWindowOver(last_day));
        }
        let stage = match to {
            PetitionState::ReReviewing => PetitionStage::ReReview,
            _ => PetitionStage::Review,
        };
        let due = clocks.review.due(now, clocks.calendar);
        self.go(to, Some(due), now);
        self.served_at = None;
        let event = PetitionReviewAsked {
            matter_id: matter.id,
            case_id: matter.case_id,
            region: matter.region,
            stage,
            due_at: due.at,
            asked_at: now,
        };
        Ok((due, event))
    }

    fn target(&self, command: &str) -> Result<PetitionState, Refusal> {
        Self::transition(Some(self.state), command)
            .map(|step| step.to)
            .ok_or(Refusal::PetitionNotFrom(self.state))
    }

    fn go(&mut self, to: PetitionState, due: Option<Due>, now: DateTime<Utc>) {
        self.state = to;
        self.due_at = due.map(|due| due.at);
        self.last_day = due.map(|due| due.last_day);
        self.version += 1;
        self.updated_at = now;
    }
}
