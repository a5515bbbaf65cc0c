//! What came of another way to give an agreement effect: a notarised instrument, a payment order, an award, a court's paper.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, effect::EffectDecided};

use crate::{Mediation, store::agreements};

/// Notes whether it can be enforced by this way; a later outcome replaces an earlier one.
pub(super) async fn apply(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: EffectDecided,
) -> Result<(), Problem> {
    let Some(agreement) = agreements::of_event(tx, event.agreement_id).await? else {
        return Ok(());
    };
    // A paper made before the parties changed the agreement says nothing of what it says now.
    let changed_at = agreement.history.iter().map(|version| version.at).max();
    if changed_at.is_some_and(|changed_at| event.decided_at < changed_at) {
        return Ok(());
    }
    let mut ways = agreement.enforceable_by;
    ways.retain(|way| *way != event.kind);
    if event.enforceable {
        ways.push(event.kind);
    }
    agreements::enforceable_by(tx, agreement.id, &ways).await
}
