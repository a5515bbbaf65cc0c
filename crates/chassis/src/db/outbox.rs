//! The outbox rows a transaction leaves.

use chrono::{DateTime, Utc};
use contracts::ids::{EventId, TypedId as _};
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::{Cause, statement, writes::Writes};

/// Where an event leaves to. Every service has the first; the border desk has all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outbox {
    /// The node's own stream.
    Events,
    /// The levels above.
    Up,
    /// The levels below.
    Down,
}

impl Outbox {
    /// Its table; its state is in the table of that name with `_state`.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::Events => "outbox",
            Self::Up => "up_outbox",
            Self::Down => "down_outbox",
        }
    }
}

/// An event waiting for the commit.
pub(super) struct Pending {
    pub outbox: Outbox,
    pub id: EventId,
    pub nats_subject: String,
    pub event_type: String,
    pub subject: Uuid,
    pub payload: serde_json::Value,
    pub cause: Cause,
}

/// One statement a case, in the order of their ids. For the node's own stream, the row of `case_sequence` is locked until the
/// commit, so that the events of one case leave in the order of their commits.
pub(super) fn write(mut pending: Vec<Pending>, now: DateTime<Utc>, writes: &mut Writes) {
    pending.sort_by_key(|p| (p.outbox, p.subject));
    let mut rest = pending.into_iter().peekable();
    while let Some(first) = rest.next() {
        let (outbox, subject) = (first.outbox, first.subject);
        let mut events = vec![first];
        while let Some(next) = rest.next_if(|p| p.outbox == outbox && p.subject == subject) {
            events.push(next);
        }
        insert(outbox, subject, events, now, writes);
    }
}

const INTO_EVENTS: &str = "
    WITH s AS (
        INSERT INTO case_sequence AS c (subject, last) VALUES ($1, $2)
        ON CONFLICT (subject) DO UPDATE SET last = c.last + $2 RETURNING last)
    INSERT INTO outbox (event_id, nats_subject, event_type, subject, case_seq, correlation, causation, traceparent, payload,
                        occurred_at)
    SELECT e.event_id, e.nats_subject, e.event_type, $1, s.last - $2 + e.n, e.correlation, e.causation, e.traceparent,
           e.payload, $3
    FROM s, unnest($4, $5, $6, $7, $8, $9, $10) WITH ORDINALITY
         AS e(event_id, nats_subject, event_type, correlation, causation, traceparent, payload, n)
    ORDER BY e.n";

/// Between nodes an event is not counted within its case: `$2` is 0.
macro_rules! into_border {
    ($table:literal) => {
        concat!(
            "INSERT INTO ",
            $table,
            " (event_id, nats_subject, event_type, subject, case_seq, correlation, causation, traceparent, payload, occurred_at)
             SELECT e.event_id, e.nats_subject, e.event_type, $1, $2, e.correlation, e.causation, e.traceparent, e.payload, $3
             FROM unnest($4, $5, $6, $7, $8, $9, $10) WITH ORDINALITY
                  AS e(event_id, nats_subject, event_type, correlation, causation, traceparent, payload, n)
             ORDER BY e.n"
        )
    };
}

fn insert(
    outbox: Outbox,
    subject: Uuid,
    events: Vec<Pending>,
    now: DateTime<Utc>,
    writes: &mut Writes,
) {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let (sql, counted) = match outbox {
        Outbox::Events => (INTO_EVENTS, count),
        Outbox::Up => (into_border!("up_outbox"), 0),
        Outbox::Down => (into_border!("down_outbox"), 0),
    };
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
        statement(sql)
            .bind::<SqlUuid, _>(subject)
            .bind::<BigInt, _>(counted)
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
