//! What operations watch: silence and gaps below, what is not confirmed above.

use std::time::Duration;

use chassis::{http::Problem, telemetry::metrics};

use crate::{Federation, links};

/// Sets the metrics.
pub async fn measure(state: &Federation) -> Result<(), Problem> {
    let now = state.db.time().now();
    let age = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.and_then(|at| (now - at).to_std().ok())
            .unwrap_or(Duration::ZERO)
    };
    let (below, own) = links::status(&state.db, state.settings.silent_after).await?;
    for node in below.iter().filter(|node| node.last_contact.is_some()) {
        let missing = u64::try_from(node.missing).unwrap_or(0);
        metrics().node_below(node.code.as_str(), age(node.last_contact), missing);
    }
    let unconfirmed = u64::try_from(own.unconfirmed).unwrap_or(0);
    metrics().up_unconfirmed(unconfirmed, age(own.oldest_unconfirmed));
    Ok(())
}
