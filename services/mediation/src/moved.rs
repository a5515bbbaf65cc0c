//! A year was announced: proceedings keep the end that their clock has now.

use chassis::{
    clocks::MovedClock,
    db::{Tx, statement},
};
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};

use crate::STATUTORY_CLOCK;

pub(crate) fn apply(tx: &mut Tx, clock: &MovedClock) {
    if clock.kind == STATUTORY_CLOCK {
        tx.later(
            statement("UPDATE proceedings SET due_at = $2, version = version + 1 WHERE id = $1")
                .bind::<SqlUuid, _>(clock.object_id)
                .bind::<Timestamptz, _>(clock.due.at),
        );
    }
}
