//! What the desk does of its own accord: reads who belongs to it, tells the levels above how far it is, follows up what is
//! missing below.

mod checkpoint;
mod follow_up;
mod measure;

use std::{sync::Arc, time::Duration};

use chassis::http::Problem;
use contracts::region::RegionCode;
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{Federation, jobs, store::nodes};
use measure::Watched;

/// How often the tables are looked at, or more often when checkpoints are.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Works until the stop; what fails is tried again.
pub fn run(state: Arc<Federation>, stop: CancellationToken) -> LocalBoxFuture<'static, ()> {
    async move {
        if state.sealing.check().is_err() {
            return;
        }
        let look_again = LOOK_AGAIN.min(state.settings.checkpoint_interval);
        let mut told: Option<Instant> = None;
        let mut watched = Watched::default();
        loop {
            // What a round has not committed is done by the next one, of whichever process.
            tokio::select! {
                () = stop.cancelled() => return,
                () = round(&state, &mut told, &mut watched) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(look_again) => {}
            }
        }
    }
    .boxed_local()
}

/// Reads who belongs to this node and whose keys are known; gives the children.
pub async fn read_members(state: &Federation) -> Result<Vec<RegionCode>, Problem> {
    let mut conn = state.db.read().await?;
    let children = nodes::children(&mut conn).await?;
    let keys = nodes::keys(&mut conn).await?;
    let mut returned = nodes::with_returned_keys(&mut conn).await?;
    returned.retain(|node| {
        state
            .desk
            .parent()
            .is_none_or(|parent| parent.node != *node)
    });
    // The parent's keys are the invitation's, whatever came later.
    let keys = keys.into_iter().chain(state.desk.parent().cloned());
    state.desk.known.set(keys, returned, children.clone());
    state.desk.reshape(&children);
    Ok(children)
}

/// Shows this node's keys to the levels above.
pub use checkpoint::tell as announce;

/// One part that fails does not keep the others from being done; while intake is away, what is sent of the desk's own accord cannot be.
async fn round(state: &Federation, told: &mut Option<Instant>, watched: &mut Watched) {
    note(jobs::wake_requests(state).await);
    if state.desk.keys().is_none() {
        return;
    }
    let children = match read_members(state).await {
        Ok(children) => children,
        Err(problem) => return note(Err(problem)),
    };
    if told.is_none_or(|at| at.elapsed() >= state.settings.checkpoint_interval) {
        let said = checkpoint::tell(state).await;
        if said.is_ok() {
            *told = Some(Instant::now());
        }
        note(said);
        note(measure::measure(state, watched).await);
    }
    note(follow_up::all(state, &children).await);
    note(jobs::send_automatic(state).await);
}

fn note(result: Result<(), Problem>) {
    if let Err(problem) = result {
        tracing::warn!(
            problem = problem.code().code,
            detail = problem.internal_message().unwrap_or_default(),
            "the border desk's round was interrupted"
        );
    }
}
