//! Triage decided: the type and the colour, which choose the plan of visits.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, triage::TriageDecided};

use crate::{Evaluation, domain::case::Case, store};

/// Keeps type and colour.
pub async fn apply(
    _state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: TriageDecided,
) -> Result<(), Problem> {
    let mut case = Case::new(event.case_id, event.region, tx.now());
    case.type_code = Some(event.type_code);
    case.colour = Some(event.colour);
    store::cases::triage(tx, &case).await
}
