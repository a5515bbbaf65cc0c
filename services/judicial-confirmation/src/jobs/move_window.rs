//! The clock of the window moved, because a year was announced or it stood still: agreement and application keep the last day it
//! has now.

use chassis::{
    clocks::MovedClock,
    db::{Tx, statement},
};
use contracts::ids::{AgreementId, TypedId as _};
use diesel::sql_types::{Bool, Date, Timestamptz, Uuid as SqlUuid};
use policy::Due;

use crate::domain::clock;

/// Moves the window of an agreement whose clock moved.
pub fn run(tx: &mut Tx, moved: &MovedClock) {
    if moved.kind == clock::APPLY {
        window(tx, moved.object_id.into(), &moved.due);
    }
}

/// Moves the window of an agreement and of its applications; one that not every party has joined is due with it, and is about what
/// the agreement says now.
pub fn window(tx: &mut Tx, id: AgreementId, due: &Due) {
    tx.later(
        statement(
            "UPDATE agreements SET last_day = $2, closes_at = $3, provisional = $4 WHERE id = $1",
        )
        .bind::<SqlUuid, _>(id.uuid())
        .bind::<Date, _>(due.last_day)
        .bind::<Timestamptz, _>(due.at)
        .bind::<Bool, _>(due.provisional),
    );
    tx.later(
        statement(
            "UPDATE applications SET last_day = $2, closes_at = $3, version = version + 1,
                 due_at = CASE WHEN state IN ('preparing', 'await_other_party') THEN $3 ELSE due_at END,
                 amendment = CASE WHEN state IN ('preparing', 'await_other_party')
                                  THEN (SELECT g.amendment FROM agreements g WHERE g.id = $1) ELSE amendment END
             WHERE agreement_id = $1",
        )
        .bind::<SqlUuid, _>(id.uuid())
        .bind::<Date, _>(due.last_day)
        .bind::<Timestamptz, _>(due.at),
    );
}
