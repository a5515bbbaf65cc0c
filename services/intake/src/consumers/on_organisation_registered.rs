//! An organisation was entered in the register, or its entry changed: numbers of its matters and files carry its name.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    mediation::{OrganisationChanged, OrganisationRegistered},
};

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

/// Keeps its new name; numbers that were given stay as they are.
pub fn changed(
    _: &Intake,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: OrganisationChanged,
) -> Result<(), Problem> {
    organisations::note(tx, event.organisation_id, event.region, event.name);
    Ok(())
}
