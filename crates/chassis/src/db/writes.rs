//! The end of a transaction: its last writes and the commit travel together, one round trip for all of them.

use std::{pin::Pin, task::Poll};

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{QueryFragment, QueryId},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl as _};
use futures_util::future::{BoxFuture, FutureExt as _, MaybeDone, maybe_done, poll_fn};

use super::statement;

type Write =
    Box<dyn for<'c> FnOnce(&'c AsyncPgConnection) -> BoxFuture<'c, QueryResult<usize>> + Send>;

/// Writes that wait for the end of their transaction.
#[derive(Default)]
pub(super) struct Writes(Vec<Write>);

impl Writes {
    /// Adds one.
    pub(super) fn push<Q>(&mut self, query: Q)
    where
        Q: QueryFragment<Pg> + QueryId + Send + 'static,
    {
        self.0.push(Box::new(move |mut conn| {
            // Its values are taken over at once; what is boxed is the sending.
            query.execute(&mut conn)
        }));
    }

    /// Sends them in their order, then waits for all answers. They go through the connection's statement cache one after the other,
    /// so that one that must be prepared first holds the later ones back.
    pub(super) async fn send(&mut self, conn: &AsyncPgConnection) -> QueryResult<()> {
        let mut failed = None;
        let mut rest = std::mem::take(&mut self.0).into_iter();
        loop {
            let group: Vec<_> = rest.by_ref().take(GROUP).map(|write| write(conn)).collect();
            if group.is_empty() {
                break;
            }
            for result in in_order(group).await {
                failed = failed.or(result.err());
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Sends them and the commit. When one fails, PostgreSQL turns the commit into a roll-back.
    pub(super) async fn commit(mut self, conn: &mut AsyncPgConnection) -> QueryResult<()> {
        self.push(statement("COMMIT"));
        self.send(conn).await?;
        // The pool drops a connection whose transaction is not known to have ended.
        *conn.transaction_state() = Default::default();
        Ok(())
    }
}

/// How many travel together: each answer makes all that are still out look for theirs.
const GROUP: usize = 32;

/// Waits for all, and never looks at one before the one in front of it: a `join_all` promises no order, and a commit must not
/// overtake a write.
async fn in_order<F: Future + Unpin>(work: Vec<F>) -> Vec<F::Output> {
    let mut work: Vec<MaybeDone<F>> = work.into_iter().map(maybe_done).collect();
    poll_fn(|cx| {
        let mut pending = false;
        for one in &mut work {
            pending |= one.poll_unpin(cx).is_pending();
        }
        if pending {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    work.iter_mut()
        .filter_map(|one| Pin::new(one).take_output())
        .collect()
}
