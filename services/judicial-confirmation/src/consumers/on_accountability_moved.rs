//! Another node answers for a case from now on, or this one does again.

use chassis::{db::Tx, elsewhere, http::Problem};
use contracts::events::{Envelope, federation::AccountabilityMoved};

use crate::JudicialConfirmation;

/// While it is elsewhere nothing is applied for here. What is before a court or another body goes on, and the days of the law run.
pub fn apply(
    _: &JudicialConfirmation,
    tx: &mut Tx,
    _: &Envelope,
    event: AccountabilityMoved,
) -> Result<(), Problem> {
    elsewhere::note(tx, &event);
    Ok(())
}
