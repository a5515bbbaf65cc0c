//! The policy pack's clocks that run in this service.

use chassis::{
    clocks::MovedClock,
    db::{Tx, statement},
};
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};

/// How long a case may wait for its decision (transition 6).
pub(crate) const DECIDE: &str = "triage.decide";
/// How long an order may wait for its signature (transition 8).
pub(crate) const SIGN: &str = "dispatch.sign";

/// A year was announced: cases and orders keep the end that their clock has now.
pub(crate) fn moved(tx: &mut Tx, clock: &MovedClock) {
    let update = match clock.kind.as_str() {
        DECIDE => "UPDATE cases SET decide_due_at = $2, version = version + 1 WHERE case_id = $1",
        SIGN => "UPDATE orders SET sign_due_at = $2, version = version + 1 WHERE id = $1",
        _ => return,
    };
    tx.later(
        statement(update)
            .bind::<SqlUuid, _>(clock.object_id)
            .bind::<Timestamptz, _>(clock.due.at),
    );
}
