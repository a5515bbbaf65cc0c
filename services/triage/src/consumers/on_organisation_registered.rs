//! An organisation was registered, or its entry changed: it can be given cases.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    mediation::{OrganisationChanged, OrganisationRegistered},
};

use crate::{Triage, domain::Organisation, store};

/// Keeps the organisation as it is now (人民调解法 10).
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn changed(
    _state: &Triage,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: OrganisationChanged,
) -> Result<(), Problem> {
    let organisation = Organisation {
        id: event.organisation_id,
        region: event.region,
        kind: event.kind,
        name: event.name,
        routes: event.routes,
        updated_at: tx.now(),
    };
    store::organisations::upsert(tx.conn(), &organisation).await
}

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
