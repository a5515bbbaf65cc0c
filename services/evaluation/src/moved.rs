//! A year was announced: visits keep the day that their clock has now.

use chassis::{
    clocks::MovedClock,
    db::{Tx, statement},
};
use diesel::sql_types::{Date, Timestamptz, Uuid as SqlUuid};

use crate::domain::clock;

pub(crate) fn apply(tx: &mut Tx, moved: &MovedClock) {
    if moved.kind == clock::VISIT {
        tx.later(
            statement(
                "UPDATE follow_ups SET due_on = $2, due_at = $3, version = version + 1 WHERE id = $1",
            )
            .bind::<SqlUuid, _>(moved.object_id)
            .bind::<Date, _>(moved.due.last_day)
            .bind::<Timestamptz, _>(moved.due.at),
        );
    }
}
