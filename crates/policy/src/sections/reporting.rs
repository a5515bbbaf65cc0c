//! `reporting.yaml`: what is counted, in which columns, and how shares are rounded.

use contracts::region::RegionCode;
use serde::{Deserialize, Serialize};

use crate::{Text, rounding::Rounding};

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reporting {
    /// The column set used when a report names none: an id of `dispute_types.yaml`'s statistic groups.
    pub default_column_set: String,
    /// The rounding used when a report names none.
    pub default_rounding: Rounding,
    /// Decimals of percentages.
    pub percent_decimals: u32,
    /// What can be asked for.
    pub statistics: Vec<Statistic>,
    /// Nodes that run as one centre.
    #[serde(default)]
    pub integrated: Vec<Integrated>,
}

/// 市区一体化: a city and the district it sits in run one centre.
/// Their nodes are one part in every split by node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Integrated {
    /// The district that runs the centre.
    pub centre: RegionCode,
    /// The region it lies in, whose own node is counted with it.
    pub with: RegionCode,
}

/// A number the ledger can count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counter {
    /// Cases accepted 受理.
    Received,
    /// Cases settled: agreed or settled by the parties themselves 化解.
    Settled,
    /// Cases whose mediation ended, settled or not.
    Concluded,
    /// Agreements that took effect.
    Agreements,
    /// Confirmations applied for.
    ConfirmationsApplied,
    /// Agreements ruled valid.
    Confirmed,
    /// Confirmations dismissed.
    ConfirmationsDismissed,
    /// Obligations whose last day has come.
    ObligationsDue,
    /// Obligations performed.
    ObligationsFulfilled,
    /// Triage decisions.
    Triaged,
    /// Triage decisions equal to the machine's proposal in type, route, track and colour.
    TriagedAsProposed,
    /// Triage decisions in time.
    TriagedOnTime,
    /// Orders sent.
    Dispatched,
    /// Orders signed for in time.
    SignedOnTime,
    /// Follow-up visits due.
    FollowUpsDue,
    /// Follow-up visits made.
    FollowUpsDone,
    /// Ratings given.
    Ratings,
    /// Ratings that count as satisfied.
    SatisfiedRatings,
    /// Cases closed.
    Closed,
}

/// A statistic: a share with its formula's version.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistic {
    /// Stable id: `settled_rate`.
    pub id: String,
    /// Name people see.
    pub name: Text,
    /// Stored with every value; a changed formula is a new version.
    pub formula_version: u32,
    /// What is counted.
    pub numerator: Counter,
    /// Of what.
    pub denominator: Counter,
    /// What to know when reading it.
    #[serde(default)]
    pub note: Option<Text>,
}

impl Reporting {
    /// The statistic with this id.
    #[must_use]
    pub fn statistic(&self, id: &str) -> Option<&Statistic> {
        self.statistics.iter().find(|statistic| statistic.id == id)
    }
}
