//! A closed case was opened again.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, intake::CaseReopened};

use crate::{Evaluation, store};

/// The work on it goes on. A case that is not closed here stays as it is.
pub async fn apply(
    _state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: CaseReopened,
) -> Result<(), Problem> {
    let known = store::cases::lock(tx, event.case_id).await?;
    match known.and_then(|case| case.reopen(tx.now())) {
        Some(case) => store::cases::update(tx, &case).await,
        None => Ok(()),
    }
}
