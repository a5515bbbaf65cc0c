//! Named, retried transactions, and the rows through which side effects leave them.

use std::time::Instant;

use chrono::{DateTime, Utc};
use contracts::{
    Service,
    border::MESSAGE_MAX,
    events::{Envelope, Event},
    ids::{EventId, TypedId},
    problems::common,
    region::RegionCode,
};
use diesel::{
    pg::Pg,
    query_builder::{QueryFragment, QueryId},
    result::Error as DieselError,
};
use diesel_async::{
    AsyncPgConnection, TransactionManager as _, pooled_connection::deadpool::Object,
};
use uuid::Uuid;

use super::{
    Db, is_lost,
    outbox::{self, Outbox, Pending},
    worth_repeating,
    writes::Writes,
};
use crate::{
    http::Problem,
    telemetry::{TxOutcome, metrics, traceparent},
    time::Time,
};

/// What a transaction's events are caused by.
#[derive(Debug, Clone)]
pub struct Cause {
    /// What started the chain.
    pub correlation: Uuid,
    /// The event that caused it, when one did.
    pub causation: Option<EventId>,
    /// The trace it belongs to.
    pub traceparent: Option<String>,
}

impl Cause {
    /// A new chain, in the current trace.
    #[must_use]
    pub fn new(time: &Time) -> Self {
        Self {
            correlation: time.uuid(),
            causation: None,
            traceparent: traceparent(),
        }
    }

    /// What follows from an event.
    #[must_use]
    pub fn event(envelope: &Envelope) -> Self {
        Self {
            correlation: envelope.correlation,
            causation: Some(envelope.id),
            traceparent: traceparent().or_else(|| envelope.traceparent.clone()),
        }
    }
}

/// An open transaction. Everything it publishes is written to the outbox when it commits.
pub struct Tx {
    conn: Object<AsyncPgConnection>,
    writes: Writes,
    pending: Vec<Pending>,
    cause: Cause,
    now: DateTime<Utc>,
    service: Service,
    node: RegionCode,
    time: Time,
}

impl Tx {
    /// The connection, for queries.
    pub fn conn(&mut self) -> &mut AsyncPgConnection {
        &mut self.conn
    }

    /// The time of this transaction: the same at every call.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// A new id.
    #[must_use]
    pub fn new_id<T: TypedId>(&self) -> T {
        self.time.id()
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> Service {
        self.service
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &RegionCode {
        &self.node
    }

    /// Publishes a fact about `subject` (the case, or the object outside a case) when this transaction commits.
    ///
    /// # Errors
    /// `internal` when the payload cannot be written as JSON; `body-too-large` when the broker would not take it, and hold back
    /// all behind it.
    pub fn publish<E: Event>(&mut self, subject: impl TypedId, event: &E) -> Result<(), Problem> {
        let nats_subject = E::subject(self.service);
        self.leave(Outbox::Events, nats_subject, subject, event)
    }

    /// Sends a message to the levels above when this transaction commits. Only the border desk has the outbox for it.
    ///
    /// # Errors
    /// As [`Self::publish`].
    pub fn send_up<E: Event>(&mut self, subject: impl TypedId, message: &E) -> Result<(), Problem> {
        let nats_subject = format!("up.{}.{}.{}", self.node.address(), E::OBJECT, E::FACT);
        self.leave(Outbox::Up, nats_subject, subject, message)
    }

    /// Sends a message to a node below when this transaction commits. Only the border desk has the outbox for it.
    ///
    /// # Errors
    /// As [`Self::publish`].
    pub fn send_down<E: Event>(
        &mut self,
        to: RegionCode,
        subject: impl TypedId,
        message: &E,
    ) -> Result<(), Problem> {
        let nats_subject = format!("down.{}.{}.{}", to.address(), E::OBJECT, E::FACT);
        self.leave(Outbox::Down, nats_subject, subject, message)
    }

    fn leave<E: Event>(
        &mut self,
        outbox: Outbox,
        nats_subject: String,
        subject: impl TypedId,
        event: &E,
    ) -> Result<(), Problem> {
        let payload = serde_json::to_value(event)
            .map_err(|e| Problem::new(&common::INTERNAL).internal(format!("{}: {e}", E::FACT)))?;
        // What the broker does not take would hold back all that comes after it.
        if payload.to_string().len() > MESSAGE_MAX {
            return Err(Problem::new(&common::BODY_TOO_LARGE).internal(E::FACT));
        }
        self.pending.push(Pending {
            outbox,
            id: self.time.id(),
            nats_subject,
            event_type: E::event_type(self.service),
            subject: subject.uuid(),
            payload,
            cause: self.cause.clone(),
        });
        Ok(())
    }

    /// What the events published from now on are caused by.
    pub(crate) fn caused_by(&mut self, cause: Cause) {
        self.cause = cause;
    }

    /// A write whose result nobody needs: sent at the end of the transaction together with all others and the commit, in
    /// the order given, without waiting for each. Nothing read before the end sees it; when it fails, the transaction does.
    pub fn later<Q>(&mut self, query: Q)
    where
        Q: QueryFragment<Pg> + QueryId + Send + 'static,
    {
        self.writes.push(query);
    }

    /// Sends those writes now, for what reads rows that they change.
    ///
    /// # Errors
    /// `unavailable` when PostgreSQL is.
    pub(crate) async fn write_now(&mut self) -> Result<(), Problem> {
        Ok(self.writes.send(&self.conn).await?)
    }
}

type Transactions = <AsyncPgConnection as diesel_async::AsyncConnection>::TransactionManager;

/// Why an attempt did not succeed.
enum Failure {
    /// Nothing of it is stored.
    Undone(Problem),
    /// The answer to the commit was lost: all of it is stored, or nothing.
    InDoubt(Problem),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Undone(problem)
    }
}

impl From<DieselError> for Failure {
    fn from(error: DieselError) -> Self {
        Self::Undone(error.into())
    }
}

/// Whether a transaction may be tried again when its first commit may have succeeded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeat {
    /// It would take effect twice.
    Twice,
    /// It notices: its key or its inbox row is there already.
    Absorbed,
}

impl Db {
    /// Runs `work` in one transaction: commits when it succeeds, rolls back when it does not, tries again when another
    /// transaction or a lost connection was in the way. When the connection was lost while it committed, it may have taken
    /// effect: then it is not tried again. `name` names it in metrics.
    ///
    /// # Errors
    /// What `work` gives, or `unavailable` when the database is.
    pub async fn tx<R>(
        &self,
        name: &'static str,
        cause: &Cause,
        work: impl AsyncFnMut(&mut Tx) -> Result<R, Problem>,
    ) -> Result<R, Problem> {
        self.run(name, cause, Repeat::Twice, work).await
    }

    /// The same for work that does nothing the second time, or fails: it is tried again as well when its commit is in doubt.
    ///
    /// # Errors
    /// As [`Self::tx`].
    pub(crate) async fn tx_absorbed<R>(
        &self,
        name: &'static str,
        cause: &Cause,
        work: impl AsyncFnMut(&mut Tx) -> Result<R, Problem>,
    ) -> Result<R, Problem> {
        self.run(name, cause, Repeat::Absorbed, work).await
    }

    async fn run<R>(
        &self,
        name: &'static str,
        cause: &Cause,
        repeat: Repeat,
        mut work: impl AsyncFnMut(&mut Tx) -> Result<R, Problem>,
    ) -> Result<R, Problem> {
        let started = Instant::now();
        let mut attempt = 1;
        let result = loop {
            let problem = match self.attempt(cause, &mut work).await {
                Ok(value) => break Ok(value),
                Err(Failure::InDoubt(problem)) if repeat == Repeat::Twice => {
                    break Err(problem.detail(
                        "提交时连接中断，操作可能已经生效：请先查看，再决定是否重试",
                        "The connection was lost while this was stored; it may have taken effect: look before you repeat it",
                    ));
                }
                Err(Failure::Undone(problem) | Failure::InDoubt(problem)) => problem,
            };
            if !worth_repeating(&problem) || attempt >= self.max_attempts() {
                break Err(problem);
            }
            attempt += 1;
            tokio::time::sleep(std::time::Duration::from_millis(
                5 * u64::from(attempt * attempt),
            ))
            .await;
        };
        let outcome = match &result {
            Ok(_) => TxOutcome::Committed,
            Err(problem) if problem.code().status >= 500 => TxOutcome::Failed,
            Err(_) => TxOutcome::Refused,
        };
        metrics().db_tx(
            self.service().as_str(),
            name,
            outcome,
            attempt - 1,
            started.elapsed(),
        );
        result
    }

    async fn attempt<R>(
        &self,
        cause: &Cause,
        work: &mut impl AsyncFnMut(&mut Tx) -> Result<R, Problem>,
    ) -> Result<R, Failure> {
        let mut tx = Tx {
            conn: self.read().await?,
            writes: Writes::default(),
            pending: Vec::new(),
            cause: cause.clone(),
            now: self.time().now(),
            service: self.service(),
            node: *self.node(),
            time: self.time().clone(),
        };
        Transactions::begin_transaction(tx.conn()).await?;
        let value = match work(&mut tx).await {
            Ok(value) => value,
            Err(problem) => {
                // A failed roll-back means a lost connection: the server rolls back by itself, the pool drops it.
                _ = Transactions::rollback_transaction(tx.conn()).await;
                return Err(problem.into());
            }
        };
        let publishes = !tx.pending.is_empty();
        outbox::write(std::mem::take(&mut tx.pending), tx.now, &mut tx.writes);
        if let Err(error) = std::mem::take(&mut tx.writes).commit(tx.conn()).await {
            // The commit travels with the last writes: it has left when the connection is lost with any of them.
            return Err(if is_lost(&error) {
                Failure::InDoubt(error.into())
            } else {
                Failure::Undone(error.into())
            });
        }
        if publishes {
            self.committed().notify_one();
        }
        Ok(value)
    }
}
