//! What intake does of its own accord: removes content that no attachment names; tells people of their cases.

mod sweep;
mod tell;

use std::sync::Arc;

use futures_util::future::{FutureExt as _, LocalBoxFuture, join};
use tokio_util::sync::CancellationToken;

use crate::Intake;

/// Works until the stop.
pub fn run(state: Arc<Intake>, stop: CancellationToken) -> LocalBoxFuture<'static, ()> {
    async move {
        join(sweep::run(&state, &stop), tell::run(&state, &stop)).await;
    }
    .boxed_local()
}
