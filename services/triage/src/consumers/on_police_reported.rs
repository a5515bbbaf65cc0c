//! A dispute was reported to the police (人民调解法 25).

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::PoliceReported};
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
    event: PoliceReported,
) -> Result<(), Problem> {
    risk::raise(state, tx, event.case_id, RiskTrigger::PoliceReported).await
}
