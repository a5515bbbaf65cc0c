//! The outbox rows a transaction leaves.

use chrono::{DateTime, Utc};
use contracts::ids::{EventId, TypedId as _};
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
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

/// One statement an outbox, in the order in which they were published. For the node's own stream, the rows of `case_sequence`
/// are locked until the commit (always in the order of the cases, so that two transactions do not wait for each other), so that
/// the events of one case leave in the order of their commits.
pub(super) fn write(mut pending: Vec<Pending>, now: DateTime<Utc>, writes: &mut Writes) {
    // Stable: within an outbox the order stays.
    pending.sort_by_key(|p| p.outbox);
    let mut rest = pending.into_iter().peekable();
    while let Some(first) = rest.next() {
        let outbox = first.outbox;
        let mut events = vec![first];
        while let Some(next) = rest.next_if(|p| p.outbox == outbox) {
            events.push(next);
        }
        match (outbox, events.len()) {
            (Outbox::Events, 1) => events
                .into_iter()
                .for_each(|event| insert_one(event, now, writes)),
            _ => insert(outbox, events, now, writes),
        }
    }
}

const INTO_EVENTS: &str = "
    WITH e AS (
        SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::jsonb[])
            WITH ORDINALITY AS e(event_id, nats_subject, event_type, subject, correlation, causation, traceparent, payload, n)),
    s AS (
        INSERT INTO case_sequence AS c (subject, last)
        SELECT subject, count(*) FROM e GROUP BY subject ORDER BY subject
        ON CONFLICT (subject) DO UPDATE SET last = c.last + excluded.last RETURNING subject, last)
    INSERT INTO outbox (event_id, nats_subject, event_type, subject, case_seq, correlation, causation, traceparent, payload,
                        occurred_at)
    SELECT e.event_id, e.nats_subject, e.event_type, e.subject,
           s.last - count(*) OVER (PARTITION BY e.subject) + row_number() OVER (PARTITION BY e.subject ORDER BY e.n),
           e.correlation, e.causation, e.traceparent, e.payload, $1
    FROM e JOIN s ON s.subject = e.subject ORDER BY e.n";

/// The same for one event, which most transactions have: a third of the work.
const ONE_INTO_EVENTS: &str = "
    WITH s AS (
        INSERT INTO case_sequence AS c (subject, last) VALUES ($5, 1)
        ON CONFLICT (subject) DO UPDATE SET last = c.last + 1 RETURNING last)
    INSERT INTO outbox (event_id, nats_subject, event_type, subject, case_seq, correlation, causation, traceparent, payload,
                        occurred_at)
    SELECT $2, $3, $4, $5, s.last, $6, $7, $8, $9, $1 FROM s";

fn insert_one(event: Pending, now: DateTime<Utc>, writes: &mut Writes) {
    writes.push(
        statement(ONE_INTO_EVENTS)
            .bind::<Timestamptz, _>(now)
            .bind::<SqlUuid, _>(event.id.uuid())
            .bind::<Text, _>(event.nats_subject)
            .bind::<Text, _>(event.event_type)
            .bind::<SqlUuid, _>(event.subject)
            .bind::<SqlUuid, _>(event.cause.correlation)
            .bind::<Nullable<SqlUuid>, _>(event.cause.causation.map(EventId::uuid))
            .bind::<Nullable<Text>, _>(event.cause.traceparent)
            .bind::<Jsonb, _>(event.payload),
    );
}

/// Between nodes an event is not counted within its case.
macro_rules! into_border {
    ($table:literal) => {
        concat!(
            "INSERT INTO ",
            $table,
            " (event_id, nats_subject, event_type, subject, case_seq, correlation, causation, traceparent, payload, occurred_at)
             SELECT e.event_id, e.nats_subject, e.event_type, e.subject, 0, e.correlation, e.causation, e.traceparent, e.payload, $1
             FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY
                  AS e(event_id, nats_subject, event_type, subject, correlation, causation, traceparent, payload, n)
             ORDER BY e.n"
        )
    };
}

fn insert(outbox: Outbox, events: Vec<Pending>, now: DateTime<Utc>, writes: &mut Writes) {
    let sql = match outbox {
        Outbox::Events => INTO_EVENTS,
        Outbox::Up => into_border!("up_outbox"),
        Outbox::Down => into_border!("down_outbox"),
    };
    let ids: Vec<Uuid> = events.iter().map(|e| e.id.uuid()).collect();
    let cases: Vec<Uuid> = events.iter().map(|e| e.subject).collect();
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
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(ids)
            .bind::<Array<Text>, _>(subjects)
            .bind::<Array<Text>, _>(types)
            .bind::<Array<SqlUuid>, _>(cases)
            .bind::<Array<SqlUuid>, _>(correlations)
            .bind::<Array<Nullable<SqlUuid>>, _>(causations)
            .bind::<Array<Nullable<Text>>, _>(parents)
            .bind::<Array<Jsonb>, _>(payloads),
    );
}
