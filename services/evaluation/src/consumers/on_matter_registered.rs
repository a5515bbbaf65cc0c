//! A matter was registered: its case and who its parties are.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, intake::MatterRegistered};

use crate::{Evaluation, domain::case::Case, store};

/// Keeps the case, its parties and the type named at registration.
pub async fn apply(
    _state: &Evaluation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: MatterRegistered,
) -> Result<(), Problem> {
    let mut case = Case::new(event.case_id, event.region, tx.now());
    case.type_code = event.type_hint;
    case.party_ids = event.parties.iter().map(|party| party.party_id).collect();
    store::cases::register(tx, &case).await
}
