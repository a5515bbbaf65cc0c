//! Named, retried transactions, and the rows through which side effects leave them.

use std::time::Instant;

use chrono::{DateTime, Utc};
use contracts::{
    Service,
    events::{Envelope, Event},
    ids::{EventId, TypedId},
    problems::common,
    region::RegionCode,
};
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{
    AsyncPgConnection, RunQueryDsl as _, TransactionManager as _,
    pooled_connection::deadpool::Object,
};
use uuid::Uuid;

use super::{Db, statement};
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

/// An event waiting for the commit.
struct Pending {
    id: EventId,
    nats_subject: String,
    event_type: String,
    subject: Uuid,
    payload: serde_json::Value,
    cause: Cause,
}

/// An open transaction. Everything it publishes is written to the outbox when it commits.
pub struct Tx {
    conn: Object<AsyncPgConnection>,
    pending: Vec<Pending>,
    published: bool,
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
    /// `internal` when the payload cannot be written as JSON.
    pub fn publish<E: Event>(&mut self, subject: impl TypedId, event: &E) -> Result<(), Problem> {
        let payload = serde_json::to_value(event)
            .map_err(|e| Problem::new(&common::INTERNAL).internal(format!("{}: {e}", E::FACT)))?;
        self.pending.push(Pending {
            id: self.time.id(),
            nats_subject: E::subject(self.service),
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

    /// Writes the waiting events to the outbox, one statement a subject in the order of their ids. The row of
    /// `case_sequence` is locked until the commit, so that the events of one case leave in the order of their commits.
    pub(crate) async fn flush(&mut self) -> Result<(), Problem> {
        let mut pending = std::mem::take(&mut self.pending);
        self.published |= !pending.is_empty();
        pending.sort_by_key(|p| p.subject);
        for group in pending.chunk_by(|a, b| a.subject == b.subject) {
            self.write(group).await?;
        }
        Ok(())
    }

    async fn write(&mut self, events: &[Pending]) -> Result<(), Problem> {
        let Some(first) = events.first() else {
            return Ok(());
        };
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        statement(
            "WITH s AS (
                INSERT INTO case_sequence AS c (subject, last) VALUES ($1, $2)
                ON CONFLICT (subject) DO UPDATE SET last = c.last + $2 RETURNING last)
             INSERT INTO outbox (event_id, nats_subject, event_type, subject, case_seq, correlation, causation, traceparent,
                                 payload, occurred_at)
             SELECT e.event_id, e.nats_subject, e.event_type, $1, s.last - $2 + e.n, e.correlation, e.causation,
                    e.traceparent, e.payload, $3
             FROM s, unnest($4, $5, $6, $7, $8, $9, $10) WITH ORDINALITY
                  AS e(event_id, nats_subject, event_type, correlation, causation, traceparent, payload, n)
             ORDER BY e.n",
        )
        .bind::<SqlUuid, _>(first.subject)
        .bind::<BigInt, _>(count)
        .bind::<Timestamptz, _>(self.now)
        .bind::<Array<SqlUuid>, _>(events.iter().map(|e| e.id.uuid()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(events.iter().map(|e| e.nats_subject.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(events.iter().map(|e| e.event_type.as_str()).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(events.iter().map(|e| e.cause.correlation).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(
            events.iter().map(|e| e.cause.causation.map(TypedId::uuid)).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(events.iter().map(|e| e.cause.traceparent.as_deref()).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(events.iter().map(|e| &e.payload).collect::<Vec<_>>())
        .execute(self.conn())
        .await?;
        Ok(())
    }
}

type Transactions = <AsyncPgConnection as diesel_async::AsyncConnection>::TransactionManager;

impl Db {
    /// Runs `work` in one transaction: commits when it succeeds, rolls back when it does not, tries again when another
    /// transaction or a lost connection was in the way. `name` names it in metrics.
    ///
    /// # Errors
    /// What `work` gives, or `unavailable` when the database is.
    pub async fn tx<R>(
        &self,
        name: &'static str,
        cause: &Cause,
        mut work: impl AsyncFnMut(&mut Tx) -> Result<R, Problem>,
    ) -> Result<R, Problem> {
        let started = Instant::now();
        let mut attempt = 1;
        let result = loop {
            let result = self.attempt(cause, &mut work).await;
            match result {
                Err(problem)
                    if problem.code() == &common::UNAVAILABLE && attempt < self.max_attempts() =>
                {
                    attempt += 1;
                    tokio::time::sleep(std::time::Duration::from_millis(
                        5 * u64::from(attempt * attempt),
                    ))
                    .await;
                }
                other => break other,
            }
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
    ) -> Result<R, Problem> {
        let mut tx = Tx {
            conn: self.read().await?,
            pending: Vec::new(),
            published: false,
            cause: cause.clone(),
            now: self.time().now(),
            service: self.service(),
            node: *self.node(),
            time: self.time().clone(),
        };
        Transactions::begin_transaction(tx.conn()).await?;
        let result = async {
            let value = work(&mut tx).await?;
            tx.flush().await?;
            Ok(value)
        }
        .await;
        match result {
            Ok(value) => {
                Transactions::commit_transaction(tx.conn()).await?;
                if tx.published {
                    self.committed().notify_one();
                }
                Ok(value)
            }
            Err(problem) => {
                // A failed roll-back means a lost connection: the server rolls back by itself, the pool drops it.
                _ = Transactions::rollback_transaction(tx.conn()).await;
                Err(problem)
            }
        }
    }
}
