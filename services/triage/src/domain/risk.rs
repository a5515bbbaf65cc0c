//! The risk colour of a case after it was proposed 风险升级、降级 (RP-03): raised at once, by rules too; lowered
//! by a person only.

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::{RiskChanged, RiskColour},
    ids::{CaseId, ColourChangeId},
    problems::triage as problems,
};
use diesel::{Insertable, Queryable, Selectable};
use policy::{
    PolicyPack,
    sections::triage::{RiskRaise, RiskTrigger},
};

use super::{Refusal, TriageCase, refusal::text};
use crate::schema::colour_changes;

/// Rule of a case that got the colour of one that was merged into it, and why.
const MERGED: (&str, &str) = ("merged", "并入的案件风险等级更高");

/// A change of the colour.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = colour_changes)]
pub struct ColourChange {
    /// The change.
    pub id: ColourChangeId,
    /// The case.
    pub case_id: CaseId,
    /// The colour before.
    pub was: RiskColour,
    /// The colour after.
    pub colour: RiskColour,
    /// The rule of the policy pack that raised it; none when a person changed it.
    pub rule: Option<String>,
    /// Why: what a person says, or the rule in Chinese.
    pub reason: Option<String>,
    /// Subject of who changed it.
    pub changed_by: Option<String>,
    /// When.
    pub changed_at: DateTime<Utc>,
}

/// Which way a person wants it to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// To a severer colour.
    Severer,
    /// To a milder one.
    Milder,
}

/// A case with its new colour, the change, and the fact.
pub type Recoloured = (TriageCase, ColourChange, RiskChanged);

impl TriageCase {
    /// What the rules make of what happened; none when they do not raise it.
    #[must_use]
    pub fn raise_by_rules(
        &self,
        id: ColourChangeId,
        on: RiskTrigger,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Option<Recoloured> {
        let file = policy.triage().file();
        let rule = file.risk_raise(on, self.persons_involved)?;
        self.raise_by_rule(id, rule, policy, now)
    }

    /// What the rules make of a clock that ran out; none when they do not raise it.
    #[must_use]
    pub fn raise_by_clock(
        &self,
        id: ColourChangeId,
        clock: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Option<Recoloured> {
        let file = policy.triage().file();
        let rule = file.overdue_raise(clock, self.persons_involved)?;
        self.raise_by_rule(id, rule, policy, now)
    }

    fn raise_by_rule(
        &self,
        id: ColourChangeId,
        rule: &RiskRaise,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Option<Recoloured> {
        let colour = policy.triage().file().used_colour(rule.colour);
        self.raise_by(id, colour, (&rule.code, &rule.reason.zh), now)
    }

    /// The case takes in what another one was that is merged into it: its people, and its colour when that is the severer one.
    #[must_use]
    pub fn take_in(
        &self,
        id: ColourChangeId,
        other: &Self,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> (Self, Option<(ColourChange, RiskChanged)>) {
        let together = Self {
            persons_involved: self.persons_involved.saturating_add(other.persons_involved),
            ..self.clone()
        };
        let raised = together
            .raise_by_rules(id, RiskTrigger::Merged, policy, now)
            .filter(|(case, ..)| case.colour >= other.colour)
            .or_else(|| together.raise_by(id, other.colour, MERGED, now));
        match raised {
            Some((case, change, event)) => (case, Some((change, event))),
            None => {
                let version = self.version + 1;
                let case = Self {
                    version,
                    updated_at: now,
                    ..together
                };
                (case, None)
            }
        }
    }

    /// A person changes it.
    ///
    /// # Errors
    /// A merged case, a colour that is not used here or does not lie that way, no reason in words.
    pub fn recolour(
        &self,
        id: ColourChangeId,
        (colour, towards): (RiskColour, Towards),
        reason: &str,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Recoloured, Refusal> {
        self.check_goes_on()?;
        let known = policy.triage().file().colour(colour);
        if known.is_none_or(|known| !known.used) {
            return Err(Refusal::ColourNotUsed);
        }
        match towards {
            Towards::Severer if colour <= self.colour => {
                return Err(Refusal::Field(&problems::COLOUR_NOT_HIGHER, "/colour"));
            }
            Towards::Milder if colour >= self.colour => {
                return Err(Refusal::Field(&problems::COLOUR_NOT_LOWER, "/colour"));
            }
            _ => {}
        }
        let reason = text(reason, "/reason", policy)?;
        let (case, mut change, event) = self.coloured(id, colour, now);
        change.reason = Some(reason);
        change.changed_by = Some(by.to_owned());
        Ok((case, change, event))
    }

    fn raise_by(
        &self,
        id: ColourChangeId,
        colour: RiskColour,
        (rule, reason): (&str, &str),
        now: DateTime<Utc>,
    ) -> Option<Recoloured> {
        if colour <= self.colour || self.check_goes_on().is_err() {
            return None;
        }
        let (case, mut change, mut event) = self.coloured(id, colour, now);
        change.rule = Some(rule.to_owned());
        change.reason = Some(reason.to_owned());
        event.rule = Some(rule.to_owned());
        Some((case, change, event))
    }

    fn coloured(&self, id: ColourChangeId, colour: RiskColour, now: DateTime<Utc>) -> Recoloured {
        let change = ColourChange {
            id,
            case_id: self.case_id,
            was: self.colour,
            colour,
            rule: None,
            reason: None,
            changed_by: None,
            changed_at: now,
        };
        let event = RiskChanged {
            case_id: self.case_id,
            region: self.region,
            was: self.colour,
            colour,
            rule: None,
            changed_at: now,
        };
        let case = Self {
            colour,
            version: self.version + 1,
            updated_at: now,
            ..self.clone()
        };
        (case, change, event)
    }
}
