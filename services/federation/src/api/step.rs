//! What all steps of a request have in common.

use chassis::{
    db::Tx,
    http::{Call, Problem, Reply},
};
use chrono::{DateTime, Utc};
use contracts::ids::RequestId;
use policy::sections::requests::RequestKind;

use super::views::RequestView;
use crate::{
    Federation, desk,
    domain::{Note, Refusal, Request, terms},
    store,
};

/// Takes a step of this node in one transaction.
pub(super) async fn take<P, B>(
    state: &Federation,
    call: &Call<P, B>,
    name: &'static str,
    id: RequestId,
    work: impl Fn(&mut Request, &RequestKind, DateTime<Utc>) -> Result<Vec<Note>, Refusal>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let done = state.db.command(call, name, async |tx| {
        let mut request = store::requests::load(tx.conn(), id, &scope).await?;
        call.check_version(request.version)?;
        let kind = terms::kind(&state.policy, &request.kind)?;
        let notes = work(&mut request, kind, tx.now())?;
        desk::taken(state, tx, &mut request, &notes).await?;
        reply(tx, request).await
    });
    done.await
}

/// The request with its steps.
pub(super) async fn reply(tx: &mut Tx, request: Request) -> Result<Reply, Problem> {
    let steps = store::requests::steps(tx.conn(), request.id).await?;
    let version = request.version;
    Ok(Reply::ok(RequestView::from(request).with_steps(steps)).version(version))
}
