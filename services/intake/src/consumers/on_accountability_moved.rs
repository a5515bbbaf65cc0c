//! Another node answers for a case from now on, or this one does again.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, federation::AccountabilityMoved};

use crate::{Intake, store::cases};

/// Keeps which node answers for it.
pub fn apply(
    _: &Intake,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: AccountabilityMoved,
) -> Result<(), Problem> {
    cases::note_node(tx, event.case_id, event.to_node);
    Ok(())
}
