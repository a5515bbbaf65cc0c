//! An organisation was registered: it can be given cases.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, mediation::OrganisationRegistered};

use crate::{Triage, domain::Organisation, store};

/// Keeps the organisation.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn apply(
    _state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: OrganisationRegistered,
) -> Result<(), Problem> {
    let organisation = Organisation::registered(event, tx.now());
    store::organisations::upsert(tx.conn(), &organisation).await
}
