//! `routes.yaml`: the ways a dispute can go (TR-04).

use contracts::events::triage::FeedbackEffect;
use serde::Deserialize;

use crate::Text;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routes {
    /// The route proposed when no rule speaks.
    pub default: String,
    /// The routes.
    pub routes: Vec<Route>,
    /// What an organ may tell of a case on a route without mediation.
    pub outcomes: Vec<RouteOutcome>,
    /// How often the sender may send finished work back on one order 返工.
    pub max_reworks: usize,
}

/// A way a dispute can go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Stable code: `peoples_mediation`.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The mediation service handles it.
    pub mediated: bool,
    /// Fees may be charged.
    pub charges_fee: bool,
    /// The clock that runs once it is taken; of a mediated route the time limit of mediation, with a form of its own for some
    /// dispute types.
    pub clock: String,
    /// Procedures in which a court entrusts mediation, where the time limit depends on it; empty = it does not.
    #[serde(default)]
    pub procedures: Vec<RouteProcedure>,
    /// The law it rests on.
    pub law: String,
}

/// A procedure of the court that entrusts mediation 委托调解.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteProcedure {
    /// Stable code: `summary`.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// The time limit of mediation in it.
    pub clock: String,
}

impl Route {
    /// The procedure with this code.
    #[must_use]
    pub fn procedure(&self, code: &str) -> Option<&RouteProcedure> {
        self.procedures.iter().find(|known| known.code == code)
    }
}

/// What an organ may tell of a case 反馈.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteOutcome {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// What becomes of the case.
    pub then: FeedbackEffect,
    /// Whether the dispute counts as settled 化解, of an outcome that ends the case.
    #[serde(default)]
    pub settles: bool,
}

impl Routes {
    /// The outcome with this code.
    #[must_use]
    pub fn outcome(&self, code: &str) -> Option<&RouteOutcome> {
        self.outcomes.iter().find(|outcome| outcome.code == code)
    }

    /// The route with this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Route> {
        self.routes.iter().find(|route| route.code == code)
    }
}
