//! The other ways to give an agreement effect: notary, payment order, arbitration, court mediation paper.

use serde::Deserialize;

use super::{confirmation::Confirmation, mediation::covers};
use crate::Text;

/// Who applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applicants {
    /// Every party, together.
    AllParties,
    /// One party against the others.
    OneParty,
}

/// A way to give an agreement effect.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectRoute {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The law it comes from.
    pub law: String,
    /// Who applies.
    pub applicants: Applicants,
    /// Dispute types it is for; empty = all.
    #[serde(default)]
    pub types: Vec<String>,
    /// Only for agreements about money.
    #[serde(default)]
    pub money_only: bool,
    /// Not beside a judicial confirmation that is under way or has succeeded.
    pub exclusive: bool,
    /// Clock from the agreement's effect to the application.
    #[serde(default)]
    pub apply_clock: Option<String>,
    /// Clock from the application to the acceptance.
    #[serde(default)]
    pub accept_clock: Option<String>,
    /// Clock from the acceptance to the outcome.
    #[serde(default)]
    pub decide_clock: Option<String>,
    /// What may come of it.
    pub outcomes: Vec<EffectOutcome>,
}

/// What may come of an application for effect.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectOutcome {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The agreement can then be enforced.
    pub enforceable: bool,
    /// Only after this outcome; absent = it is a first one.
    #[serde(default)]
    pub after: Option<String>,
    /// Clock it starts.
    #[serde(default)]
    pub clock: Option<String>,
    /// What it becomes when that clock runs out.
    #[serde(default)]
    pub lapses_to: Option<String>,
}

impl EffectRoute {
    /// Whether it is for a dispute type.
    #[must_use]
    pub fn is_for(&self, type_code: &str) -> bool {
        self.types.is_empty() || covers(&self.types, type_code)
    }

    /// The outcome with this code.
    #[must_use]
    pub fn outcome(&self, code: &str) -> Option<&EffectOutcome> {
        self.outcomes.iter().find(|outcome| outcome.code == code)
    }

    /// The clocks it names.
    pub fn clocks(&self) -> impl Iterator<Item = &String> {
        [&self.apply_clock, &self.accept_clock, &self.decide_clock]
            .into_iter()
            .flatten()
            .chain(
                self.outcomes
                    .iter()
                    .filter_map(|outcome| outcome.clock.as_ref()),
            )
    }
}

impl Confirmation {
    /// The way with this code.
    #[must_use]
    pub fn effect_route(&self, code: &str) -> Option<&EffectRoute> {
        self.effect_routes.iter().find(|route| route.code == code)
    }
}
