//! What operations watch: silence and gaps below, what is not confirmed above.

use std::{collections::BTreeSet, time::Duration};

use chassis::{http::Problem, telemetry::metrics};
use contracts::region::RegionCode;

use crate::{Federation, links, store::nodes};

/// The nodes that metrics were set for.
#[derive(Default)]
pub struct Watched {
    below: BTreeSet<RegionCode>,
    letters: BTreeSet<String>,
}

/// Sets the metrics. Those of a node that is no longer among the `watched` are set to nothing: they would stand as they are, and
/// with them an alarm.
pub async fn measure(state: &Federation, watched: &mut Watched) -> Result<(), Problem> {
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
        metrics().node_policy_refused(node.code.as_str(), node.policy_refused.is_some());
    }
    let seen = below.iter().map(|node| node.code).collect();
    for gone in watched.below.difference(&seen) {
        metrics().node_below(gone.as_str(), Duration::ZERO, 0);
        metrics().node_policy_refused(gone.as_str(), false);
    }
    watched.below = seen;
    let letters = nodes::dead_letters(&mut *state.db.read().await?).await?;
    for (node, count) in &letters {
        metrics().node_dead_letters(node, u64::try_from(*count).unwrap_or(0));
    }
    for cleared in watched.letters.iter().filter(|n| !letters.contains_key(*n)) {
        metrics().node_dead_letters(cleared, 0);
    }
    watched.letters = letters.into_keys().collect();
    let unconfirmed = u64::try_from(own.unconfirmed).unwrap_or(0);
    metrics().up_unconfirmed(unconfirmed, age(own.oldest_unconfirmed));
    if let Some(ends) = state.desk.link_ends() {
        metrics().link_ends((ends - now).as_seconds_f64());
    }
    Ok(())
}
