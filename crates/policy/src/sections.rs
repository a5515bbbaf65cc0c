//! The files of a policy pack, one module each.

pub mod clocks;
pub mod confirmation;
pub mod courts;
pub mod dispute_types;
pub mod effects;
pub mod evaluation;
pub mod intake;
pub mod limits;
pub mod mediation;
pub mod notifications;
pub mod reporting;
pub mod requests;
pub mod routes;
pub mod triage;

use serde::{Deserialize, Serialize};

use crate::Text;

/// A code with its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Stable code.
    pub code: String,
    /// Name people see.
    pub name: Text,
}

/// Whether a list of named codes holds a code.
pub(crate) fn find<'a>(list: &'a [Named], code: &str) -> Option<&'a Named> {
    list.iter().find(|named| named.code == code)
}
