//! The end of a transaction: its last writes and the commit travel together, one round trip for all of them.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{QueryFragment, QueryId},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl as _};
use futures_util::future::{BoxFuture, join_all};

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

    /// Sends them and the commit in their order, then waits for all answers. They go through the connection's statement
    /// cache one after the other, so that one that must be prepared first holds the later ones back. When one fails,
    /// PostgreSQL turns the commit into a roll-back.
    pub(super) async fn commit(mut self, conn: &mut AsyncPgConnection) -> QueryResult<()> {
        self.push(statement("COMMIT"));
        let shared: &AsyncPgConnection = conn;
        let sent = join_all(self.0.into_iter().map(|write| write(shared))).await;
        let failed = sent.into_iter().find_map(Result::err);
        match failed {
            Some(error) => Err(error),
            None => {
                // The pool drops a connection whose transaction is not known to have ended.
                *conn.transaction_state() = Default::default();
                Ok(())
            }
        }
    }
}
