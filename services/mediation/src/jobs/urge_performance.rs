//! An obligation comes due, or has not been performed: the parties are reminded (人民调解法 31).

use chassis::{db::Tx, http::Problem};
use contracts::ids::ObligationId;

use crate::store::obligations;

/// Publishes the reminder of an obligation that is still open.
///
/// # Errors
/// `unavailable`.
pub async fn run(tx: &mut Tx, id: ObligationId) -> Result<(), Problem> {
    let obligation = obligations::of_clock(tx, id).await?;
    let now = tx.now();
    match obligation.and_then(|obligation| Some((obligation.case_id, obligation.reminder(now)?))) {
        Some((case_id, reminder)) => tx.publish(case_id, &reminder),
        None => Ok(()),
    }
}
