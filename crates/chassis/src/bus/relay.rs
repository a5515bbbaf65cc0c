//! The relay: one a schema, elected; gives the outbox rows their gapless sequence and publishes them in order.

use std::time::{Duration, Instant};

use async_nats::HeaderMap;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use contracts::{
    Service,
    events::{Envelope, header},
    ids::{EventId, TypedId as _},
    region::RegionCode,
};
use tokio_postgres::{Row, Statement};
use uuid::Uuid;

use super::{
    Bus, BusError,
    batch::{Outgoing, PublishError},
    leader::lead,
};
use crate::{
    config::OutboxConfig,
    db::{Db, Outbox, Session},
    lifecycle::Lifecycle,
    telemetry::metrics,
};

/// Wait after a fault before everything is set up anew.
const PAUSE: Duration = Duration::from_millis(500);

/// Relays until the soft stop; a fault of PostgreSQL or NATS is waited out.
pub(crate) async fn relay(
    db: Db,
    bus: Bus,
    outbox: Outbox,
    config: OutboxConfig,
    epoch: i32,
    lifecycle: Lifecycle,
) -> Result<(), std::convert::Infallible> {
    let stop = lifecycle.soft().clone();
    let relay = Relay {
        db,
        bus,
        outbox,
        config,
        epoch,
    };
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            result = relay.lead() => {
                if let Err(error) = result {
                    tracing::warn!(service = %relay.db.service(), %error, "relay interrupted, starting anew");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

pub(super) struct Relay {
    pub(super) db: Db,
    pub(super) bus: Bus,
    pub(super) outbox: Outbox,
    pub(super) config: OutboxConfig,
    pub(super) epoch: i32,
}

impl Relay {
    /// A statement with the names of this relay's tables.
    pub(super) fn sql(&self, text: &str) -> String {
        text.replace("{outbox}", self.outbox.table())
    }

    /// What its metrics are labelled with.
    fn label(&self) -> &'static str {
        match self.outbox {
            Outbox::Events => self.db.service().as_str(),
            Outbox::Up => "federation.up",
            Outbox::Down => "federation.down",
        }
    }

    /// Works as the leader until something breaks.
    async fn lead(&self) -> Result<(), BusError> {
        let schema = self.db.service().schema();
        let mut session = lead(
            self.db.url(),
            self.db.runtime(),
            &schema,
            &format!("relay {}", self.outbox.table()),
        )
        .await?;
        session
            .client()
            // Plans made while the outbox is small would be kept when it is large: never the whole table.
            .batch_execute(&format!(
                "LISTEN {schema}_outbox; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off"
            ))
            .await
            .map_err(db_error)?;
        let statements = Statements::prepare(&session, self.outbox).await?;
        let mut connects = self.bus.connects();
        self.begin_epoch(&session).await?;
        self.verify(&session).await?;
        let mut verified = Instant::now();
        // Before publishing, which a full stream refuses: that is when the numbers count.
        self.measure(&session).await?;
        let mut measured = Instant::now();
        loop {
            // A server that was away may come back with another store; nothing new is published before that is known. A
            // stream that was lost while the server stayed is noticed in time.
            if connects != self.bus.connects() || verified.elapsed() > VERIFY_AGAIN {
                connects = self.bus.connects();
                self.begin_epoch(&session).await?;
                self.verify(&session).await?;
                verified = Instant::now();
            }
            let batch = i64::from(self.config.batch);
            while self.publish_some(&session, &statements).await? == batch
                && connects == self.bus.connects()
            {}
            if measured.elapsed() > self.config.poll_interval {
                self.measure(&session).await?;
                measured = Instant::now();
            }
            let woken = tokio::time::timeout(self.config.poll_interval, session.notified()).await;
            match woken {
                Ok(false) => return Err(BusError::Database("connection lost".to_owned())),
                Ok(true) => tokio::time::sleep(self.config.linger).await,
                Err(_) => {}
            }
        }
    }

    /// Sequences and publishes up to one batch; gives how many events were published.
    async fn publish_some(
        &self,
        session: &Session,
        statements: &Statements,
    ) -> Result<i64, BusError> {
        let limit = i64::from(self.config.batch);
        session
            .client()
            .execute(&statements.sequence, &[&limit])
            .await
            .map_err(db_error)?;
        let rows = session
            .client()
            .query(&statements.pending, &[&limit])
            .await
            .map_err(db_error)?;
        if rows.is_empty() {
            return Ok(0);
        }
        let events: Vec<Outgoing> = rows
            .iter()
            .map(|row| self.outgoing(row))
            .collect::<Result<_, _>>()?;
        let ids: Vec<i64> = rows.iter().map(|row| row.get("id")).collect();
        let sequences = self.publish(&events).await?;
        let published = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let now = self.db.time().now();
        session
            .client()
            .execute(&statements.acknowledged, &[&ids, &sequences, &now])
            .await
            .map_err(db_error)?;
        metrics().outbox_published(self.label(), u64::try_from(published).unwrap_or(0));
        Ok(published)
    }

    async fn publish(&self, events: &[Outgoing]) -> Result<Vec<i64>, BusError> {
        let wait = self.config.publish_timeout;
        let fault = |e: PublishError| match e {
            PublishError::NoStream => BusError::Stream {
                stream: self.bus.stream.clone(),
                text: "it does not exist".to_owned(),
            },
            PublishError::Full(text) => {
                tracing::error!(service = %self.db.service(), %text, "the stream is full: publishing waits");
                BusError::Stream {
                    stream: self.bus.stream.clone(),
                    text,
                }
            }
            PublishError::TooLarge(text) => {
                tracing::error!(service = %self.db.service(), %text, "a message is larger than the stream takes: it and all behind it wait");
                BusError::Stream {
                    stream: self.bus.stream.clone(),
                    text,
                }
            }
            PublishError::Other(text) => BusError::Connect(text),
            PublishError::Duplicate => BusError::Connect("duplicate".to_owned()),
        };
        match self
            .bus
            .publish_batch(&self.db.time().uuid().to_string(), events, wait)
            .await
        {
            Ok(sequences) => Ok(sequences),
            Err(PublishError::Duplicate) => {
                // A crash between the acknowledgement and our own note of it.
                let mut sequences = Vec::with_capacity(events.len());
                for event in events {
                    sequences.push(self.bus.publish_one(event, wait).await.map_err(fault)?);
                }
                Ok(sequences)
            }
            Err(e) => Err(fault(e)),
        }
    }

    fn outgoing(&self, row: &Row) -> Result<Outgoing, BusError> {
        let envelope = envelope(self.db.service(), self.db.node(), row);
        let mut headers = HeaderMap::new();
        for (name, value) in envelope.headers() {
            headers.insert(name, value.as_str());
        }
        headers.insert(header::MSG_ID, self.message_id(row).as_str());
        let payload: serde_json::Value = row.get("payload");
        let body = serde_json::to_vec(&payload).map_err(|e| BusError::Database(e.to_string()))?;
        let nats_subject = self.nats_subject(row.get("nats_subject"));
        if let Some(stamp) = &self.bus.stamp {
            stamp(&mut headers, &nats_subject, &body);
        }
        Ok(Outgoing {
            nats_subject,
            headers,
            body: Bytes::from(body),
        })
    }

    /// What goes up leaves under this node's own name, also from a database that was copied from another node: the levels above
    /// see it and say so, while another node's subject would be refused here and hold back all that follows.
    fn nats_subject(&self, written: String) -> String {
        match (self.outbox, written.splitn(6, '.').nth(5)) {
            (Outbox::Up, Some(kind)) => format!("up.{}.{kind}", self.db.node().address()),
            _ => written,
        }
    }

    /// The key of de-duplication: the event's id, and a new one at every replay, since the old one would be swallowed. Between
    /// nodes with the node's code, so that a copied database at another node does not make its messages vanish.
    fn message_id(&self, row: &Row) -> String {
        let id: Uuid = row.get("event_id");
        let node = match self.outbox {
            Outbox::Events => String::new(),
            Outbox::Up | Outbox::Down => format!("{}-", self.db.node()),
        };
        match row.get::<_, i32>("replays") {
            0 => format!("{node}{id}"),
            n => format!("{node}{id}.r{n}"),
        }
    }

    async fn measure(&self, session: &Session) -> Result<(), BusError> {
        let row = session
            .client()
            .query_one(
                &self.sql(
                    "SELECT count(*), min(occurred_at), (SELECT count(*) FROM dead_letters)
                     FROM (SELECT occurred_at FROM {outbox} WHERE stream_seq IS NULL ORDER BY epoch, seq LIMIT $1) AS pending",
                ),
                &[&COUNTED],
            )
            .await
            .map_err(db_error)?;
        let oldest: Option<DateTime<Utc>> = row.get(1);
        let age = oldest.map_or(Duration::ZERO, |at| {
            (self.db.time().now() - at)
                .to_std()
                .unwrap_or(Duration::ZERO)
        });
        metrics().outbox_pending(
            self.label(),
            u64::try_from(row.get::<_, i64>(0)).unwrap_or(0),
            age,
        );
        metrics().dead_letters(
            self.db.service().as_str(),
            u64::try_from(row.get::<_, i64>(2)).unwrap_or(0),
        );
        Ok(())
    }
}

/// Waiting events are counted up to here: after a refill all that is kept waits, and publishing goes before counting.
const COUNTED: i64 = 100_000;
/// How often the stream is compared with what it acknowledged.
const VERIFY_AGAIN: Duration = Duration::from_secs(10);

/// Gives rows without a sequence the next ones, in the order they were written.
const SEQUENCE: &str = "
    WITH chosen AS (
        SELECT id, row_number() OVER (ORDER BY id) AS n FROM {outbox} WHERE seq IS NULL ORDER BY id LIMIT $1),
    taken AS (
        UPDATE {outbox}_state SET next_seq = next_seq + (SELECT count(*) FROM chosen)
        WHERE EXISTS (SELECT 1 FROM chosen)
        RETURNING epoch, next_seq - (SELECT count(*) FROM chosen) AS first)
    UPDATE {outbox} SET seq = taken.first + chosen.n - 1, epoch = taken.epoch
    FROM chosen, taken WHERE {outbox}.id = chosen.id";

/// The next events to publish.
const PENDING: &str = "
    SELECT id, event_id, nats_subject, event_type, subject, case_seq, correlation, causation, traceparent, payload,
           occurred_at, epoch, seq, replays
    FROM {outbox} WHERE stream_seq IS NULL AND seq IS NOT NULL ORDER BY epoch, seq LIMIT $1";

/// Notes what the stream acknowledged.
const ACKNOWLEDGED: &str = "
    WITH acked AS (
        UPDATE {outbox} SET stream_seq = a.seq, published_at = $3
        FROM unnest($1::bigint[], $2::bigint[]) AS a(id, seq) WHERE {outbox}.id = a.id)
    UPDATE {outbox}_state SET stream_seq = greatest(stream_seq, (SELECT max(seq) FROM unnest($2::bigint[]) AS s(seq)))";

/// The statements of the relay, prepared once a session.
struct Statements {
    sequence: Statement,
    pending: Statement,
    acknowledged: Statement,
}

impl Statements {
    async fn prepare(session: &Session, outbox: Outbox) -> Result<Self, BusError> {
        let prepare = async |text: &str| {
            let sql = text.replace("{outbox}", outbox.table());
            session.client().prepare(&sql).await.map_err(db_error)
        };
        Ok(Self {
            sequence: prepare(SEQUENCE).await?,
            pending: prepare(PENDING).await?,
            acknowledged: prepare(ACKNOWLEDGED).await?,
        })
    }
}

/// A row as an event's attributes.
fn envelope(service: Service, node: &RegionCode, row: &Row) -> Envelope {
    Envelope {
        id: EventId::from_uuid(row.get("event_id")),
        event_type: row.get("event_type"),
        source: *node,
        subject: row.get("subject"),
        time: row.get("occurred_at"),
        service,
        epoch: row.get("epoch"),
        seq: row.get("seq"),
        case_seq: row.get("case_seq"),
        correlation: row.get("correlation"),
        causation: row
            .get::<_, Option<Uuid>>("causation")
            .map(EventId::from_uuid),
        traceparent: row.get("traceparent"),
    }
}

pub(super) fn db_error(error: tokio_postgres::Error) -> BusError {
    BusError::Database(
        error
            .as_db_error()
            .map_or_else(|| error.to_string(), |db| db.message().to_owned()),
    )
}
