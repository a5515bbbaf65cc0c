//! Starting clocks as the policy pack defines them, and stopping them.

use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, ClockId, OrganisationId, TypedId},
    region::RegionCode,
};
use diesel::sql_types::{
    Array, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use policy::{
    ClockRule, Due, PolicyPack,
    clock::{Course, WarnAt},
};
use uuid::Uuid;

use crate::{
    db::{Tx, statement},
    http::Problem,
};

/// Whose clock it is: the case, and who sees it among what is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    case_id: CaseId,
    region: Option<RegionCode>,
    organisation: Option<OrganisationId>,
    assignee: Option<String>,
}

impl Holder {
    /// A clock of a case, in the region of the object it runs for.
    #[must_use]
    pub fn new(case_id: CaseId, region: RegionCode) -> Self {
        Self {
            region: Some(region),
            ..Self::from(case_id)
        }
    }

    /// It is for this organisation to keep.
    #[must_use]
    pub fn organisation(mut self, organisation: impl Into<Option<OrganisationId>>) -> Self {
        self.organisation = organisation.into();
        self
    }

    /// It is for this person to keep: the issuer's name of the account.
    #[must_use]
    pub fn assignee(mut self, subject: impl Into<Option<String>>) -> Self {
        self.assignee = subject.into();
        self
    }
}

/// A clock of the node as a whole: seen by those who see all of the node.
impl From<CaseId> for Holder {
    fn from(case_id: CaseId) -> Self {
        Self {
            case_id,
            region: None,
            organisation: None,
            assignee: None,
        }
    }
}

/// A clock to start. The times come from the policy pack's rule and calendar.
#[derive(Debug, Clone)]
pub struct NewClock<'a> {
    kind: &'a str,
    rule: String,
    object_id: Uuid,
    holder: Holder,
    course: Course,
    due: Due,
    warn_at: Vec<DateTime<Utc>>,
}

impl<'a> NewClock<'a> {
    /// The clock `kind` of the policy pack, in the form it has for a dispute type when one is given, started at `start`.
    ///
    /// # Errors
    /// `internal` when the pack has no such clock; never for those it requires.
    pub fn of(
        policy: &PolicyPack,
        kind: &'a str,
        type_code: Option<&str>,
        object: impl TypedId,
        holder: impl Into<Holder>,
        start: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let rule = policy.clock(kind, type_code).map_err(Problem::unexpected)?;
        let due = rule.due(start, policy.calendar());
        Ok(Self::of_rule(
            policy, kind, rule, object, holder, start, due,
        ))
    }

    /// A clock whose end is known (a rule of the pack, or a day the parties agreed), with the rule's warn points.
    #[must_use]
    pub fn of_rule(
        policy: &PolicyPack,
        kind: &'a str,
        rule: &ClockRule,
        object: impl TypedId,
        holder: impl Into<Holder>,
        start: DateTime<Utc>,
        due: Due,
    ) -> Self {
        let course = Course::new(rule, start, &due, policy.calendar());
        let warn_at = course.warn_at(rule, policy.calendar());
        Self {
            kind,
            rule: rule.id.clone(),
            object_id: object.uuid(),
            holder: holder.into(),
            course,
            due,
            warn_at: instants(&warn_at),
        }
    }
}

/// When it warns, without the names of the points.
pub(super) fn instants(warnings: &[WarnAt]) -> Vec<DateTime<Utc>> {
    warnings.iter().map(|warning| warning.at).collect()
}

/// When a clock wakes that has `warned` of its points behind it: at the next one, or at its end.
pub(super) fn next_wake(
    warn_at: &[DateTime<Utc>],
    warned: usize,
    due_at: DateTime<Utc>,
) -> DateTime<Utc> {
    warn_at
        .get(warned)
        .map_or(due_at, |next| (*next).min(due_at))
}

impl Tx {
    /// Starts the policy pack's clock `kind`, in the form it has for a dispute type when one is given, for an object of a
    /// case; gives when it is due.
    ///
    /// # Errors
    /// `internal` when the pack has no such clock.
    pub fn start_policy_clock(
        &mut self,
        policy: &PolicyPack,
        kind: &str,
        type_code: Option<&str>,
        object_id: impl TypedId,
        holder: impl Into<Holder>,
        start: DateTime<Utc>,
    ) -> Result<Due, Problem> {
        let clock = NewClock::of(policy, kind, type_code, object_id, holder, start)?;
        self.start_clock(&clock);
        Ok(clock.due)
    }

    /// Starts a clock when the transaction ends; one of the same kind for the same object starts anew, whatever became of it.
    pub fn start_clock(&mut self, clock: &NewClock<'_>) {
        let id: ClockId = self.new_id();
        let node = *self.node();
        let course = serde_json::to_value(&clock.course).unwrap_or_default();
        let holder = clock.holder.clone();
        self.later(
            statement(
                "INSERT INTO clocks (id, kind, rule, object_id, case_id, region, organisation_id, assignee, started_at, due_at,
                     provisional, course, warn_at, warned, state, wake_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'running', $15)
                 ON CONFLICT (kind, object_id) DO UPDATE SET rule = $3, case_id = $5, region = $6, organisation_id = $7,
                     assignee = $8, started_at = $9, due_at = $10, provisional = $11, course = $12, warn_at = $13, warned = $14,
                     state = 'running', wake_at = $15, paused_at = NULL, pause_reason = NULL, breached_at = NULL, ended_at = NULL",
            )
            .bind::<SqlUuid, _>(id.uuid())
            .bind::<Text, _>(clock.kind.to_owned())
            .bind::<Text, _>(clock.rule.clone())
            .bind::<SqlUuid, _>(clock.object_id)
            .bind::<SqlUuid, _>(holder.case_id.uuid())
            .bind::<Text, _>(holder.region.unwrap_or(node).to_string())
            .bind::<Nullable<SqlUuid>, _>(holder.organisation.map(TypedId::uuid))
            .bind::<Nullable<Text>, _>(holder.assignee)
            .bind::<Timestamptz, _>(clock.course.start)
            .bind::<Timestamptz, _>(clock.due.at)
            .bind::<Bool, _>(clock.due.provisional)
            .bind::<Jsonb, _>(course)
            .bind::<Array<Timestamptz>, _>(clock.warn_at.clone())
            .bind::<Integer, _>(0)
            .bind::<Timestamptz, _>(next_wake(&clock.warn_at, 0, clock.due.at)),
        );
    }

    /// Gives the open clocks of an object to another person when the transaction ends, or to nobody in person. Those that this
    /// transaction starts before the call are among them.
    pub fn assign_clocks(&mut self, object_id: impl TypedId, subject: Option<String>) {
        self.later(
            statement("UPDATE clocks SET assignee = $2 WHERE object_id = $1 AND ended_at IS NULL")
                .bind::<SqlUuid, _>(object_id.uuid())
                .bind::<Nullable<Text>, _>(subject),
        );
    }

    /// Lets the open clocks of an object count for another case when the transaction ends: it goes on there.
    pub fn move_clocks(&mut self, object_id: impl TypedId, to: CaseId, region: RegionCode) {
        self.later(
            statement(
                "UPDATE clocks SET case_id = $2, region = $3 WHERE object_id = $1 AND ended_at IS NULL",
            )
            .bind::<SqlUuid, _>(object_id.uuid())
            .bind::<SqlUuid, _>(to.uuid())
            .bind::<Text, _>(region.to_string()),
        );
    }

    /// Stops a clock when the transaction ends: what was to be done is done, or falls away. A paused one stops too; of one that
    /// ran out, that it did stays. It is no error when there is none.
    pub fn stop_clock(&mut self, kind: &str, object_id: impl TypedId) {
        let now = self.now();
        self.later(
            statement(
                "UPDATE clocks SET state = CASE WHEN state = 'breached' THEN state ELSE 'stopped' END, wake_at = NULL,
                     paused_at = NULL, pause_reason = NULL, ended_at = $3
                 WHERE kind = $1 AND object_id = $2 AND ended_at IS NULL",
            )
            .bind::<Text, _>(kind.to_owned())
            .bind::<SqlUuid, _>(object_id.uuid())
            .bind::<Timestamptz, _>(now),
        );
    }
}
