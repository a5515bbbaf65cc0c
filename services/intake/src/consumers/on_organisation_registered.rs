//! An organisation was entered in the register: numbers of its matters and files carry its name.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::OrganisationRegistered};

use crate::{Intake, store::organisations};

/// Keeps its name and region.
pub fn apply(
    _: &Intake,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: OrganisationRegistered,
) -> Result<(), Problem> {
    organisations::note(tx, event.organisation_id, event.region, event.name);
    Ok(())
}
