//! A mediation of this node begins or ends: meanwhile its case is not handed over.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    mediation::{MediationEnded, MediationOpened},
};

use crate::{Federation, store::mediations};

/// Notes that it was opened.
///
/// # Errors
/// None.
pub fn opened(
    _: &Federation,
    tx: &mut Tx,
    _: &Envelope,
    opened: MediationOpened,
) -> Result<(), Problem> {
    mediations::opened(tx, opened.proceeding_id, opened.case_id);
    Ok(())
}

/// Notes that it has ended.
///
/// # Errors
/// None.
pub fn ended(
    _: &Federation,
    tx: &mut Tx,
    _: &Envelope,
    ended: MediationEnded,
) -> Result<(), Problem> {
    mediations::ended(tx, ended.proceeding_id);
    Ok(())
}
