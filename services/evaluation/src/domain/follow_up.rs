//! A follow-up visit 回访 (EV-03).

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::evaluation::{FollowUpDone, FollowUpScheduled},
    ids::{CaseId, FollowUpId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use policy::{Due, sections::evaluation::FollowUpPlan};

use super::{case::Case, refusal::Refusal};

text_enum! {
    /// State of a follow-up.
    pub enum FollowUpState {
        /// 待回访.
        Planned => "planned",
        /// 已回访.
        Done => "done",
    }
}

/// A visit of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = crate::schema::follow_ups, treat_none_as_null = true)]
pub struct FollowUp {
    /// The follow-up.
    pub id: FollowUpId,
    /// Raised with every change.
    pub version: i64,
    /// Where the case happened.
    pub region: RegionCode,
    /// Where it stands.
    pub state: FollowUpState,
    /// The case.
    pub case_id: CaseId,
    /// Place in the plan, from 1.
    pub visit: i16,
    /// Last day, in China.
    pub due_on: NaiveDate,
    /// The end of that day.
    pub due_at: DateTime<Utc>,
    /// Tries so far, reached or not.
    pub tries: i16,
    /// Whether the person was reached in the end.
    pub reached: Option<bool>,
    /// Whether the person is satisfied.
    pub satisfied: Option<bool>,
    /// Whether what was agreed is being performed.
    pub performance_ok: Option<bool>,
    /// Whether there are signs that the dispute flares up again.
    pub escalation_signs: Option<bool>,
    /// The visitor's note.
    pub note: Option<String>,
    /// Who visited: the subject of a token.
    pub visited_by: Option<String>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl StateMachine for FollowUp {
    type State = FollowUpState;
    const NAME: (&'static str, &'static str) = ("follow-up", "回访");
    const TRANSITIONS: &'static [Transition<FollowUpState>] = &[
        Transition {
            number: 27,
            command: "schedule_follow_up",
            action: "安排回访",
            from: &[],
            to: FollowUpState::Planned,
        },
        Transition {
            number: 0,
            command: "try_follow_up",
            action: "未联系上",
            from: &[FollowUpState::Planned],
            to: FollowUpState::Planned,
        },
        Transition {
            number: 0,
            command: "complete_follow_up",
            action: "回访",
            from: &[FollowUpState::Planned],
            to: FollowUpState::Done,
        },
    ];
}

/// What a visitor found.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Whether the person was reached.
    pub reached: bool,
    /// Whether the person is satisfied.
    pub satisfied: Option<bool>,
    /// Whether what was agreed is being performed.
    pub performance_ok: Option<bool>,
    /// Whether there are signs that the dispute flares up again.
    pub escalation_signs: Option<bool>,
    /// The visitor's note.
    pub note: Option<String>,
}

/// Days after the end of the work of visit `visit` (from 1) of a plan; `None` when the plan has no such visit.
#[must_use]
pub fn days_of(plan: &FollowUpPlan, visit: i16) -> Option<u32> {
    let place = usize::try_from(visit).ok()?.checked_sub(1)?;
    plan.after_days.get(place).copied()
}

impl FollowUp {
    /// A visit is planned (transition 27).
    #[must_use]
    pub fn schedule(
        id: FollowUpId,
        case: &Case,
        visit: i16,
        due: &Due,
        now: DateTime<Utc>,
    ) -> (Self, FollowUpScheduled) {
        let follow_up = Self {
            id,
            version: 1,
            region: case.region,
            state: FollowUpState::Planned,
            case_id: case.id,
            visit,
            due_on: due.last_day,
            due_at: due.at,
            tries: 0,
            reached: None,
            satisfied: None,
            performance_ok: None,
            escalation_signs: None,
            note: None,
            visited_by: None,
            done_at: None,
            created_at: now,
            updated_at: now,
        };
        let event = follow_up.scheduled(now);
        (follow_up, event)
    }

    /// That it is planned.
    #[must_use]
    pub fn scheduled(&self, now: DateTime<Utc>) -> FollowUpScheduled {
        FollowUpScheduled {
            follow_up_id: self.id,
            case_id: self.case_id,
            region: self.region,
            due_at: self.due_at,
            scheduled_at: now,
        }
    }

    /// A visit was made or tried. It is done when the person was reached, or could not be in `max_tries` tries.
    ///
    /// # Errors
    /// The rule that is broken.
    pub fn complete(
        mut self,
        found: Findings,
        visitor: &str,
        max_tries: u32,
        now: DateTime<Utc>,
    ) -> Result<(Self, Option<FollowUpDone>), Refusal> {
        let tries = self.tries.saturating_add(1);
        let done = found.reached || u32::try_from(tries).is_ok_and(|tries| tries >= max_tries);
        let command = if done {
            "complete_follow_up"
        } else {
            "try_follow_up"
        };
        let next = Self::transition(Some(self.state), command)
            .ok_or(Refusal::NotAllowed(self.state.as_str()))?;
        if found.reached && found.satisfied.is_none() {
            return Err(Refusal::AnswerMissing);
        }
        let answers = [
            found.satisfied,
            found.performance_ok,
            found.escalation_signs,
        ];
        if !found.reached && answers.iter().any(Option::is_some) {
            return Err(Refusal::AnswersOfNobody);
        }
        self.state = next.to;
        self.tries = tries;
        self.version += 1;
        self.updated_at = now;
        self.note = found.note;
        self.visited_by = Some(visitor.to_owned());
        if !done {
            return Ok((self, None));
        }
        self.reached = Some(found.reached);
        self.satisfied = found.satisfied;
        self.performance_ok = found.performance_ok;
        self.escalation_signs = found.escalation_signs;
        self.done_at = Some(now);
        let event = FollowUpDone {
            follow_up_id: self.id,
            case_id: self.case_id,
            region: self.region,
            satisfied: self.satisfied,
            done_at: now,
        };
        Ok((self, Some(event)))
    }
}
