//! A case changed as a whole (transition 32): it goes on in another one, or some of its parties left it.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    intake::{CaseMerged, CasePartiesChanged},
};

use crate::{Evaluation, domain::case::Case, store};

/// It is followed up and closed with the leading case.
pub async fn merged(
    _state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: CaseMerged,
) -> Result<(), Problem> {
    let known = store::cases::lock(tx, event.case_id).await?;
    match known.and_then(|case| case.merge(tx.now())) {
        Some(case) => store::cases::update(tx, &case).await,
        None => Ok(()),
    }
}

/// Only those who take part are asked for a rating.
pub async fn parties_changed(
    _state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: CasePartiesChanged,
) -> Result<(), Problem> {
    let mut case = Case::new(event.case_id, event.region, tx.now());
    case.party_ids = event.parties.iter().map(|party| party.party_id).collect();
    store::cases::register(tx, &case).await
}
