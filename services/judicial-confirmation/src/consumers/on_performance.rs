//! What was and was not performed: the ground of an application for enforcement (民事诉讼法 206).

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    mediation::{PerformanceDefaulted, PerformanceFulfilled},
};

use crate::{JudicialConfirmation, store};

/// Keeps that an obligation was not performed.
pub fn defaulted(
    _: &JudicialConfirmation,
    tx: &mut Tx,
    _: &Envelope,
    event: PerformanceDefaulted,
) -> Result<(), Problem> {
    let (agreement, obligation) = (event.agreement_id, event.obligation_id);
    store::defaults::insert(tx, agreement, obligation, event.defaulted_at);
    Ok(())
}

/// An obligation was performed after all.
pub fn fulfilled(
    _: &JudicialConfirmation,
    tx: &mut Tx,
    _: &Envelope,
    event: PerformanceFulfilled,
) -> Result<(), Problem> {
    store::defaults::remove(tx, event.obligation_id);
    Ok(())
}
