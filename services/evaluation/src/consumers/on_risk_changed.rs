//! The risk colour of a case changed: visits that are planned from now on follow the plan of the new one.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, triage::RiskChanged};

use crate::{Evaluation, store};

/// Keeps the colour.
pub async fn apply(
    _state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: RiskChanged,
) -> Result<(), Problem> {
    store::cases::recolour(tx, event.case_id, event.colour).await
}
