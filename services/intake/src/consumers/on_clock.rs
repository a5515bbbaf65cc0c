//! Deadlines the people of a case should know of.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, clock::ClockWarned};

use crate::{Intake, domain::public_fact::PublicFact, store::cases};

/// The clock of an obligation to be performed (人民调解法 31).
const OBLIGATION_CLOCK: &str = "performance.obligation";

/// The clock of the joint application for confirmation (民事诉讼法 205).
const CONFIRMATION_CLOCK: &str = "confirmation.apply";

/// An obligation is about due, due, or a little overdue, or the time for a joint application runs out: the parties are told, the
/// case stands as it did.
pub fn warned(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ClockWarned,
) -> Result<(), Problem> {
    let fact = match event.kind.as_str() {
        OBLIGATION_CLOCK => Some(PublicFact::PerformanceDue),
        CONFIRMATION_CLOCK => Some(PublicFact::ConfirmationDue),
        _ => None,
    };
    if let Some(fact) = fact {
        cases::tell_event(tx, event.case_id, envelope.id, fact, envelope.time);
    }
    Ok(())
}
