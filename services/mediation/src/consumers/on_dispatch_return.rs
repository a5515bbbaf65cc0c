//! The receiver of an order asks to return it (transition 9): until the sender has answered, and for good when the order goes
//! back or the case is handed over, no proceeding is opened for it.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    triage::{DispatchHandedOver, DispatchReturnAsked, DispatchReturnRejected, DispatchReturned},
};

use crate::{Mediation, store::orders};

pub(super) async fn on_asked(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: DispatchReturnAsked,
) -> Result<(), Problem> {
    orders::hold(tx, event.order_id, true, event.asked_at).await
}

pub(super) async fn on_returned(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: DispatchReturned,
) -> Result<(), Problem> {
    orders::hold(tx, event.order_id, true, event.returned_at).await
}

pub(super) async fn on_rejected(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: DispatchReturnRejected,
) -> Result<(), Problem> {
    orders::hold(tx, event.order_id, false, event.rejected_at).await
}

pub(super) async fn on_handed_over(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: DispatchHandedOver,
) -> Result<(), Problem> {
    orders::hold(tx, event.from_order, true, event.handed_over_at).await
}
