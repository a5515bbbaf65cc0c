//! The outbox rows a transaction leaves.

use chrono::{DateTime, Utc};
use contracts::ids::{EventId, TypedId as _};
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::{Cause, statement, writes::Writes};

/// An event waiting for the commit.
pub(super) struct Pending {
    pub id: EventId,
    pub nats_subject: String,
    pub event_type: String,
    pub subject: Uuid,
    pub payload: serde_json::Value,
    pub cause: Cause,
}

/// One statement a subject, in the order of their ids. The row of `case_sequence` is locked until the commit, so that the
/// events of one case leave in the order of their commits.
pub(super) fn write(mut pending: Vec<Pending>, now: DateTime<Utc>, writes: &mut Writes) {
    pending.sort_by_key(|p| p.subject);
    let mut rest = pending.into_iter().peekable();
    while let Some(first) = rest.next() {
        let subject = first.subject;
        let mut events = vec![first];
        while let Some(next) = rest.next_if(|p| p.subject == subject) {
            events.push(next);
        }
        insert(subject, events, now, writes);
    }
}

fn insert(subject: Uuid, events: Vec<Pending>, now: DateTime<Utc>, writes: &mut Writes) {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let ids: Vec<Uuid> = events.iter().map(|e| e.id.uuid()).collect();
    let correlations: Vec<Uuid> = events.iter().map(|e| e.cause.correlation).collect();
    let causations: Vec<Option<Uuid>> = events
        .iter()
        .map(|e| e.cause.causation.map(EventId::uuid))
        .collect();
    let (mut subjects, mut types) = (Vec::new(), Vec::new());
    let (mut parents, mut payloads) = (Vec::new(), Vec::new());
    for event in events {
        subjects.push(event.nats_subject);
        types.push(event.event_type);
        parents.push(event.cause.traceparent);
        payloads.push(event.payload);
    }
    writes.push(
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
        .bind::<SqlUuid, _>(subject)
        .bind::<BigInt, _>(count)
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Text>, _>(subjects)
        .bind::<Array<Text>, _>(types)
        .bind::<Array<SqlUuid>, _>(correlations)
        .bind::<Array<Nullable<SqlUuid>>, _>(causations)
        .bind::<Array<Nullable<Text>>, _>(parents)
        .bind::<Array<Jsonb>, _>(payloads),
    );
}
