//! What the operations on the risk colour take and answer with.

use chrono::{DateTime, Utc};
use contracts::{events::triage::RiskColour, ids::ColourChangeId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ColourChange;

/// The colour a case is to have.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recolour {
    /// The colour.
    pub colour: RiskColour,
    /// Why.
    pub reason: String,
}

/// A change of the risk colour after the proposal.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColourChangeView {
    /// The change.
    pub id: ColourChangeId,
    /// The colour before.
    pub was: RiskColour,
    /// The colour after.
    pub colour: RiskColour,
    /// The rule of the policy pack that raised it; none when a person changed it.
    pub rule: Option<String>,
    /// Why: what a person says, or the rule in Chinese; none of a change that an older release made by a rule.
    pub reason: Option<String>,
    /// Who changed it.
    pub changed_by: Option<String>,
    /// When.
    pub changed_at: DateTime<Utc>,
}

impl From<ColourChange> for ColourChangeView {
    fn from(change: ColourChange) -> Self {
        Self {
            id: change.id,
            was: change.was,
            colour: change.colour,
            rule: change.rule,
            reason: change.reason,
            changed_by: change.changed_by,
            changed_at: change.changed_at,
        }
    }
}
