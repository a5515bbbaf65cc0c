//! A case changed as a whole (transition 32): it goes on in another one, or some of its parties left it.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    intake::{CaseMerged, CasePartiesChanged},
};

use crate::{Mediation, store::orders};

/// No proceeding is opened for its orders any more.
pub(super) async fn on_merged(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: CaseMerged,
) -> Result<(), Problem> {
    orders::note_merged(tx, &event).await
}

/// Those who take part from now on must all consent, and nobody else.
pub(super) async fn on_parties_changed(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: CasePartiesChanged,
) -> Result<(), Problem> {
    orders::note_parties(tx, event.case_id, event.region, event.parties).await
}
