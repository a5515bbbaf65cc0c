//! Content that no attachment names: an upload whose process died before its row was stored, or a removal that did not reach the
//! store.

use chassis::http::Problem;
use chrono::Duration;
use tokio_util::sync::CancellationToken;

use crate::{Intake, store::attachments};

/// Ids asked for at once.
const AT_ONCE: usize = 500;

/// Sweeps now and then until the stop; a fault is waited out until the next time.
pub async fn run(state: &Intake, stop: &CancellationToken) {
    loop {
        match sweep(state).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "content without an attachment removed"),
            Err(problem) => tracing::warn!(
                problem = problem.code().code,
                detail = problem.internal_message().unwrap_or_default(),
                "content without an attachment not looked for"
            ),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(state.settings.attachments.sweep_interval) => {}
        }
    }
}

/// Removes what no attachment names; gives how many.
async fn sweep(state: &Intake) -> Result<usize, Problem> {
    let Some(objects) = &state.objects else {
        return Ok(0);
    };
    let age = Duration::from_std(state.settings.attachments.orphan_after);
    let before = state.db.time().now() - age.map_err(Problem::unexpected)?;
    let stored = objects.older_than(before).await?;
    let mut removed = 0;
    for ids in stored.chunks(AT_ONCE) {
        let kept = {
            let mut conn = state.db.read().await?;
            attachments::kept(&mut conn, ids).await?
        };
        for id in ids.iter().filter(|id| !kept.contains(id)) {
            objects.remove(*id).await;
            removed += 1;
        }
    }
    Ok(removed)
}
