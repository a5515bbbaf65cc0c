//! An organisation was registered: courts of its place have the agreements it mediated (民事诉讼法 205 (2)).

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::OrganisationRegistered};

use crate::{JudicialConfirmation, store};

/// Keeps where the organisation is.
pub fn apply(
    _: &JudicialConfirmation,
    tx: &mut Tx,
    _: &Envelope,
    event: OrganisationRegistered,
) -> Result<(), Problem> {
    store::organisations::upsert(tx, event.organisation_id, event.region);
    Ok(())
}
