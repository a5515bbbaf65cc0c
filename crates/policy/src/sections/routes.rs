//! `routes.yaml`: the ways a dispute can go (TR-04).

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
    /// The clock that runs once it is taken.
    pub clock: String,
    /// The law it rests on.
    pub law: String,
}

impl Routes {
    /// The route with this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Route> {
        self.routes.iter().find(|route| route.code == code)
    }
}
