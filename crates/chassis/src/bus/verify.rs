//! Comparing the stream with what it acknowledged: a stream that was re-created, rolled back, or lost its tail is noticed
//! before anything new is published, and refilled from the outbox. The consumers' inboxes absorb what comes twice.

use chrono::{DateTime, Utc};
use contracts::events::header;
use uuid::Uuid;

use super::{
    Bus, BusError,
    relay::{Relay, db_error},
};
use crate::db::{Outbox, Session};

/// Advisory lock under which a stream is repaired: all relays of a node share its database.
const REPAIR_LOCK: i64 = 0x6671_7374_7265_616d;

/// What is wrong with the stream.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    /// Nothing.
    Whole,
    /// It was never seen before, and nothing was published yet.
    New,
    /// It is another stream than the one that acknowledged: refill it.
    Recreated,
    /// It is the same stream, but has lost events it acknowledged: make it anew and refill it.
    LostTail,
}

impl Relay {
    /// Compares, and repairs when needed.
    pub(super) async fn verify(&self, session: &mut Session) -> Result<(), BusError> {
        session
            .client()
            .execute("SELECT pg_advisory_lock($1)", &[&REPAIR_LOCK])
            .await
            .map_err(db_error)?;
        let result = self.verify_locked(session).await;
        session
            .client()
            .execute("SELECT pg_advisory_unlock($1)", &[&REPAIR_LOCK])
            .await
            .map_err(db_error)?;
        result
    }

    async fn verify_locked(&self, session: &mut Session) -> Result<(), BusError> {
        let mut info = self.bus.ensure_stream().await?;
        let state = session
            .client()
            .query_one(
                &self.sql("SELECT stream_created, stream_seq FROM {outbox}_state"),
                &[],
            )
            .await
            .map_err(db_error)?;
        let known: Option<DateTime<Utc>> = state.get(0);
        let acknowledged: i64 = state.get(1);
        let finding = match known {
            None => Finding::New,
            Some(known) if micros(known) != micros(info.created) => Finding::Recreated,
            Some(_)
                if acknowledged > i64::try_from(info.state.last_sequence).unwrap_or(i64::MAX) =>
            {
                Finding::LostTail
            }
            Some(_)
                if !self
                    .last_is_there(session, info.state.first_sequence)
                    .await? =>
            {
                Finding::LostTail
            }
            Some(_) => Finding::Whole,
        };
        match finding {
            Finding::Whole => {
                return self.note_last(session, info.state.last_sequence).await;
            }
            Finding::New => {}
            Finding::LostTail => {
                // Sequences that consumers have passed must not be used again for other events.
                tracing::error!(service = %self.db.service(), acknowledged, last = info.state.last_sequence,
                    "the stream has lost acknowledged events: making it anew and refilling it");
                self.bus.delete_stream().await?;
                info = self.bus.ensure_stream().await?;
            }
            Finding::Recreated => {
                tracing::warn!(service = %self.db.service(), "the stream was re-created: refilling it from the outbox");
            }
        }
        self.refill(session, info.created).await
    }

    /// Between nodes most of a stream comes from its sources. Those sequences were seen above as well: a stream that has less
    /// than it had has lost its tail, whoever wrote it.
    async fn note_last(&self, session: &Session, last: u64) -> Result<(), BusError> {
        if self.outbox == Outbox::Events {
            return Ok(());
        }
        let last = i64::try_from(last).unwrap_or(i64::MAX);
        session
            .client()
            .execute(
                &self.sql("UPDATE {outbox}_state SET stream_seq = $1 WHERE stream_seq < $1"),
                &[&last],
            )
            .await
            .map_err(db_error)?;
        Ok(())
    }

    /// Whether the last event the stream acknowledged to us is still what stands at its sequence.
    async fn last_is_there(
        &self,
        session: &Session,
        first_in_stream: u64,
    ) -> Result<bool, BusError> {
        let last = session
            .client()
            .query_opt(
                &self.sql("SELECT stream_seq, event_id FROM {outbox} WHERE stream_seq > 0 ORDER BY stream_seq DESC LIMIT 1"),
                &[],
            )
            .await
            .map_err(db_error)?;
        let Some(last) = last else { return Ok(true) };
        let sequence = u64::try_from(last.get::<_, i64>(0)).unwrap_or(0);
        if sequence < first_in_stream {
            return Ok(true); // aged out, as configured
        }
        let id: Uuid = last.get(1);
        Ok(self.bus.event_id_at(sequence).await?.as_deref() == Some(id.to_string().as_str()))
    }

    /// Marks everything that is kept for publishing again, under new message ids, and notes the stream's identity.
    async fn refill(&self, session: &Session, created: DateTime<Utc>) -> Result<(), BusError> {
        // What the parent has confirmed stays published, at no place of this stream.
        let confirmed = match self.outbox {
            Outbox::Up => {
                "(epoch, seq) <= (SELECT confirmed_epoch, confirmed_seq FROM up_outbox_state)"
            }
            Outbox::Events | Outbox::Down => "false",
        };
        let sql = format!(
            "WITH again AS (
                 UPDATE {{outbox}} SET stream_seq = NULL, published_at = NULL, replays = replays + 1
                 WHERE stream_seq IS NOT NULL AND NOT {confirmed} RETURNING 1),
             kept AS (UPDATE {{outbox}} SET stream_seq = 0 WHERE stream_seq > 0 AND {confirmed}),
             state AS (UPDATE {{outbox}}_state SET stream_created = $1, stream_seq = 0)
             SELECT count(*) FROM again",
        );
        let again = session
            .client()
            .query_one(&self.sql(&sql), &[&created])
            .await
            .map_err(db_error)?;
        let count: i64 = again.get(0);
        if count > 0 {
            tracing::warn!(service = %self.db.service(), count, "events will be published again");
        }
        Ok(())
    }
}

impl Bus {
    /// The id of the event that stands at a sequence of the stream; `None` when nothing does.
    async fn event_id_at(&self, sequence: u64) -> Result<Option<String>, BusError> {
        use async_nats::jetstream::stream::RawMessageErrorKind;
        let error = |text: String| BusError::Stream {
            stream: self.stream.clone(),
            text,
        };
        let stream = self
            .jetstream
            .get_stream_no_info(&self.stream)
            .await
            .map_err(|e| error(e.to_string()))?;
        match stream.get_raw_message(sequence).await {
            Ok(message) => Ok(message
                .headers
                .get(header::ID)
                .map(|id| id.as_str().to_owned())),
            Err(e) => match e.kind() {
                RawMessageErrorKind::NoMessageFound => Ok(None),
                _ => Err(error(e.to_string())),
            },
        }
    }
}

fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}
