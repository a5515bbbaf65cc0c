//! An organisation signed for an order: it may open a proceeding for it.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, triage::DispatchSigned};

use crate::{Mediation, store::orders};

pub(super) async fn on_dispatch_signed(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: DispatchSigned,
) -> Result<(), Problem> {
    orders::note_order(tx, event).await
}
