//! Deadlines the people of a case should know of.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, clock::ClockWarned};

use crate::{Intake, domain::case::PublicFact, store::cases};

/// The clock of an obligation to be performed (人民调解法 31).
const OBLIGATION_CLOCK: &str = "performance.obligation";

/// An obligation is about due, due, or a little overdue: the parties are told, the case stands as it did.
pub fn warned(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ClockWarned,
) -> Result<(), Problem> {
    if event.kind == OBLIGATION_CLOCK {
        let fact = PublicFact::PerformanceDue;
        cases::tell_event(tx, event.case_id, envelope.id, fact, envelope.time);
    }
    Ok(())
}
