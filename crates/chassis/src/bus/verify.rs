//! Comparing the stream with what it acknowledged: a stream that was re-created, rolled back, or lost its tail is noticed
//! before anything new is published, and refilled from the outbox. The consumers' inboxes absorb what comes twice.

use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::events::header;
use uuid::Uuid;

use super::{
    Bus, BusError,
    relay::{Relay, db_error},
    sweep,
};
use crate::db::{Outbox, Session};

/// Rows marked by one statement, so that none of them runs long.
const AT_ONCE: i64 = 5000;

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
    pub(super) async fn verify(&self, session: &Session) -> Result<(), BusError> {
        // Other relays wait for as long as a stream is made anew, and not until this one's outbox is marked.
        match self.compare(session).await? {
            Some((created, keeps)) => self.refill(session, created, keeps).await,
            None => Ok(()),
        }
    }

    /// Under the lock. When the stream must be refilled, it gives when it was made.
    async fn compare(
        &self,
        session: &Session,
    ) -> Result<Option<(DateTime<Utc>, Duration)>, BusError> {
        session
            .client()
            .execute("SELECT pg_advisory_lock($1)", &[&REPAIR_LOCK])
            .await
            .map_err(db_error)?;
        let result = self.compare_locked(session).await;
        session
            .client()
            .execute("SELECT pg_advisory_unlock($1)", &[&REPAIR_LOCK])
            .await
            .map_err(db_error)?;
        result
    }

    async fn compare_locked(
        &self,
        session: &Session,
    ) -> Result<Option<(DateTime<Utc>, Duration)>, BusError> {
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
                self.note_last(session, info.state.last_sequence).await?;
                return Ok(None);
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
        Ok(Some((info.created, info.config.max_age)))
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

    /// Marks everything that is kept for publishing again, under new message ids, and notes the stream's identity last: whoever
    /// is interrupted before finds another stream than the known one, and goes on. Nothing is published meanwhile.
    async fn refill(
        &self,
        session: &Session,
        created: DateTime<Utc>,
        keeps: Duration,
    ) -> Result<(), BusError> {
        // What the parent has confirmed stays published, at no place of this stream; in the other outboxes what is too old, which
        // nobody may remember to have applied.
        let stays = match self.outbox {
            Outbox::Up => {
                "(epoch, seq) <= (SELECT confirmed_epoch, confirmed_seq FROM up_outbox_state)"
                    .to_owned()
            }
            Outbox::Events | Outbox::Down => {
                let now = self.db.time().now();
                let mut before = sweep::too_old(now, self.config.keep_days);
                // The stream would have let it go by now: it need not hold all that the database keeps.
                if !keeps.is_zero() {
                    before = before.max(now - keeps);
                }
                format!("occurred_at < '{}'", before.to_rfc3339())
            }
        };
        let sql = self.sql(&format!(
            "WITH chosen AS (
                 SELECT id, stream_seq AS place FROM {{outbox}} WHERE stream_seq > $1 ORDER BY stream_seq, id LIMIT $2),
             marked AS (
                 UPDATE {{outbox}} SET stream_seq = CASE WHEN {stays} THEN 0 END,
                     published_at = CASE WHEN {stays} THEN published_at END,
                     replays = replays + CASE WHEN {stays} THEN 0 ELSE 1 END
                 FROM chosen WHERE {{outbox}}.id = chosen.id RETURNING stream_seq)
             SELECT (SELECT max(place) FROM chosen), (SELECT count(*) FROM marked WHERE stream_seq IS NULL)",
        ));
        let mark = session.client().prepare(&sql).await.map_err(db_error)?;
        let (mut place, mut count) = (0_i64, 0_i64);
        loop {
            let row = session.client().query_one(&mark, &[&place, &AT_ONCE]).await;
            let row = row.map_err(db_error)?;
            let Some(last) = row.get::<_, Option<i64>>(0) else {
                break;
            };
            // What is marked has left its place.
            place = last - 1;
            count += row.get::<_, i64>(1);
        }
        let note = self.sql("UPDATE {outbox}_state SET stream_created = $1, stream_seq = 0");
        let noted = session.client().execute(&note, &[&created]).await;
        noted.map_err(db_error)?;
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
