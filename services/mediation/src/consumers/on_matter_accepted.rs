//! A matter was accepted: its case may come to be mediated, and its parties must all consent then.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, intake::MatterAccepted};

use crate::{Mediation, store::orders};

pub(super) async fn on_matter_accepted(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: MatterAccepted,
) -> Result<(), Problem> {
    orders::note_case(tx, event).await
}
