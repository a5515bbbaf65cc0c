//! What follows when an announced year moved a clock of intake: the copies of its end that people are shown.

use chassis::{clocks::MovedClock, db::Tx};
use diesel::{ExpressionMethods as _, QueryDsl as _};

use crate::{
    ANSWER_CLOCK, CORRECT_CLOCK,
    api::petition_views::{ASK_CLOCK, HANDLE_CLOCK, REVIEW_CLOCK},
    schema::{corrections, inquiries, petitions},
};

/// Puts right the copy that is kept of this clock, if one is.
pub fn apply(tx: &mut Tx, clock: &MovedClock) {
    let (id, at, day) = (clock.object_id, clock.due.at, clock.due.last_day);
    match clock.kind.as_str() {
        CORRECT_CLOCK => tx.later(
            diesel::update(corrections::table.find(id))
                .set((corrections::due_at.eq(at), corrections::last_day.eq(day))),
        ),
        ANSWER_CLOCK => tx.later(
            diesel::update(inquiries::table.find(id))
                .set((inquiries::due_at.eq(at), inquiries::last_day.eq(day))),
        ),
        HANDLE_CLOCK | ASK_CLOCK | REVIEW_CLOCK => {
            // The copy is of the clock that runs in the petition's state; no other of its clocks is open.
            tx.later(
                diesel::update(petitions::table.find(id))
                    .set((petitions::due_at.eq(at), petitions::last_day.eq(day))),
            );
        }
        _ => {}
    }
}
