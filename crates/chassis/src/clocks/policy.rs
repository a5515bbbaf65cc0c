//! Clocks as the policy pack defines them.

use chrono::{DateTime, Utc};
use contracts::ids::{CaseId, TypedId};
use policy::{ClockRule, Due, PolicyPack};

use super::NewClock;
use crate::{db::Tx, http::Problem};

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
        case_id: CaseId,
        start: DateTime<Utc>,
    ) -> Result<Due, Problem> {
        let rule = policy.clock(kind, type_code).map_err(Problem::unexpected)?;
        let due = rule.due(start, policy.calendar());
        let clock = NewClock::of_rule(policy, kind, rule, object_id, case_id, start, due);
        self.start_clock(&clock);
        Ok(due)
    }
}

impl<'a> NewClock<'a> {
    /// A clock whose end is known (a rule of the pack, or a day the parties agreed), with the rule's warn points.
    #[must_use]
    pub fn of_rule(
        policy: &PolicyPack,
        kind: &'a str,
        rule: &ClockRule,
        object_id: impl TypedId,
        case_id: CaseId,
        start: DateTime<Utc>,
        due: Due,
    ) -> Self {
        let warnings = rule.warn_at(start, &due, policy.calendar());
        Self {
            kind,
            object_id: object_id.uuid(),
            case_id,
            due_at: due.at,
            provisional: due.provisional,
            warn_at: warnings.into_iter().map(|warning| warning.at).collect(),
        }
    }
}
