//! A fact of a node below: kept for comparing, and told to this node's own services.

use chassis::{db::Tx, http::Problem};
use contracts::{
    Service,
    border::{self, Fact},
    events::{
        Envelope, Event as _,
        federation::{AccountabilityMoved, FactReceived},
    },
    ids::CaseId,
    problems::federation as codes,
    region::RegionCode,
};

use crate::{Federation, store::facts};

/// Keeps it and tells it, once.
///
/// # Errors
/// `message-refused` when no level counts its kind, when a matter of another region came in, or when a case moved between two other
/// nodes; `conflict` when it is another node's; `unavailable`.
pub async fn apply(
    _: &Federation,
    tx: &mut Tx,
    envelope: &Envelope,
    fact: Fact,
) -> Result<(), Problem> {
    let refuse = |why: &str| Err(Problem::new(&codes::MESSAGE_REFUSED).internal(why));
    if !border::goes_up(&fact.event_type) {
        return refuse("a kind of event that no level counts");
    }
    if is_elsewhere(envelope.source, &fact) {
        return refuse("a matter of another region");
    }
    if is_of_others(envelope.source, &fact) {
        return refuse("a hand-over between two other nodes");
    }
    if !facts::keep(tx, envelope.source, &fact).await? {
        return Ok(());
    }
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

/// Whether it is about a matter that came in outside the region of its sender. All that follows may be done elsewhere: the case may
/// have been handed over.
fn is_elsewhere(sender: RegionCode, fact: &Fact) -> bool {
    let came_in = fact.event_type.split('.').nth(2) == Some("matter");
    let region = fact.body.get("region").and_then(|region| region.as_str());
    came_in && region.is_some_and(|region| region.parse().is_ok_and(|code| !sender.contains(&code)))
}

/// Whether it says that a case moved between two nodes that its sender is neither of: only these two note it.
fn is_of_others(sender: RegionCode, fact: &Fact) -> bool {
    let kind = AccountabilityMoved::event_type(Service::Federation);
    let node = |field: &str| fact.body.get(field).and_then(|node| node.as_str());
    let parties = [node("from_node"), node("to_node")];
    let sender = sender.to_string();
    same_kind(&fact.event_type, &kind) && !parties.contains(&Some(sender.as_str()))
}

/// Whether they are of one kind, in whichever version.
fn same_kind(one: &str, other: &str) -> bool {
    one.rsplit_once('.').map(|(kind, _)| kind) == other.rsplit_once('.').map(|(kind, _)| kind)
}
