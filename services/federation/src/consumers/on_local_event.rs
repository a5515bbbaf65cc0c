//! An event of this node: when the levels above count it, it goes up as a fact.

use chassis::{db::Tx, http::Problem};
use contracts::{
    border::{Fact, GOES_UP},
    events::Envelope,
    ids::CaseId,
};
use serde_json::Value;

use crate::{Federation, store::facts};

/// Keeps it for comparing, and sends it up when there is a node above.
///
/// # Errors
/// `internal` when it cannot be written as JSON.
pub fn note(
    state: &Federation,
    tx: &mut Tx,
    envelope: &Envelope,
    body: Value,
) -> Result<(), Problem> {
    if state.desk.keys().is_none() || !goes_up(&envelope.event_type) {
        return Ok(());
    }
    let fact = Fact {
        event_id: envelope.id,
        event_type: envelope.event_type.clone(),
        service: envelope.service,
        epoch: envelope.epoch,
        seq: envelope.seq,
        occurred_at: envelope.time,
        body,
    };
    facts::keep(tx, envelope.source, &fact);
    if state.desk.parent().is_none() {
        return Ok(());
    }
    tx.send_up(CaseId::from(envelope.subject), &fact)
}

/// `fengqiao.intake.matter.accepted.v1` is the kind `matter.accepted`.
fn goes_up(event_type: &str) -> bool {
    let mut parts = event_type.split('.').skip(2);
    let (Some(object), Some(fact)) = (parts.next(), parts.next()) else {
        return false;
    };
    GOES_UP.contains(&format!("{object}.{fact}").as_str())
}

#[cfg(test)]
mod tests {
    use super::goes_up;

    #[test]
    fn what_is_counted_goes_up() {
        assert!(goes_up("fengqiao.intake.matter.accepted.v1"));
        assert!(!goes_up("fengqiao.mediation.agreement.signed_by.v1"));
        assert!(!goes_up("matter.accepted"));
    }
}
