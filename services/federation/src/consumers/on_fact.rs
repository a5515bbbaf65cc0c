//! A fact of a node below: kept for comparing, and told to this node's own services.

use chassis::{db::Tx, http::Problem};
use contracts::{
    border::Fact,
    events::{Envelope, federation::FactReceived},
    ids::CaseId,
};

use crate::{Federation, store::facts};

/// Notes it. That it is new is known from the inbox.
///
/// # Errors
/// `internal` when it cannot be written as JSON.
pub fn note(_: &Federation, tx: &mut Tx, envelope: &Envelope, fact: Fact) -> Result<(), Problem> {
    facts::keep(tx, envelope.source, &fact);
    let received = FactReceived {
        node: envelope.source,
        event_id: fact.event_id,
        event_type: fact.event_type,
        service: fact.service,
        epoch: fact.epoch,
        seq: fact.seq,
        occurred_at: fact.occurred_at,
        body: fact.body,
    };
    tx.publish(CaseId::from(envelope.subject), &received)
}
