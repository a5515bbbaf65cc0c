//! Another node answers for a case from now on, or this one does again.

use chassis::{db::Tx, elsewhere, http::Problem};
use contracts::events::{Envelope, federation::AccountabilityMoved};

use crate::Mediation;

/// While it is elsewhere nothing of it is mediated here. What was agreed before is performed: its obligations and their clocks go on.
pub(super) fn apply(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: AccountabilityMoved,
) -> Result<(), Problem> {
    elsewhere::note(tx, &event);
    Ok(())
}
