//! What operations watch: silence and gaps below, what is not confirmed above.

use std::{collections::BTreeSet, time::Duration};

use chassis::{http::Problem, telemetry::metrics};
use contracts::region::RegionCode;

use crate::{Federation, links};

/// Sets the metrics. Those of a node that is no longer among the `watched` are set to nothing: they would stand as they are, and
/// with them an alarm.
pub async fn measure(
    state: &Federation,
    watched: &mut BTreeSet<RegionCode>,
) -> Result<(), Problem> {
    let now = state.db.time().now();
    let age = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.and_then(|at| (now - at).to_std().ok())
            .unwrap_or(Duration::ZERO)
    };
    let (below, own) = links::status(&state.db, state.settings.silent_after).await?;
    for node in &below {
        let missing = u64::try_from(node.missing).unwrap_or(0);
        // One that never was heard of is silent since it is linked.
        let heard = node.last_contact.max(node.linked_at);
        metrics().node_below(node.code.as_str(), age(heard), missing);
    }
    let seen = below.iter().map(|node| node.code).collect();
    for gone in watched.difference(&seen) {
        metrics().node_below(gone.as_str(), Duration::ZERO, 0);
    }
    *watched = seen;
    let unconfirmed = u64::try_from(own.unconfirmed).unwrap_or(0);
    metrics().up_unconfirmed(unconfirmed, age(own.oldest_unconfirmed));
    Ok(())
}
