//! A party was referred to support 心理疏导.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::SupportReferred};
use policy::sections::triage::RiskTrigger;

use crate::{Triage, risk};

/// Raises the risk colour by the rules.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: SupportReferred,
) -> Result<(), Problem> {
    risk::raise(state, tx, event.case_id, RiskTrigger::SupportReferred).await
}
