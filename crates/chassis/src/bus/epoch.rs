//! Beginning a new epoch between nodes. A database that was put back to an earlier day gives its numbers a second time; with a new
//! epoch they are not taken for those that were given before.
//!
//! That it was put back is known in one of three ways: the operator raises `node.epoch`; the node's own stream holds a number that
//! the database has not given; or a node around it has a message that the database does not know (`lost_epoch`, which the border
//! desk sets). When the stream does not hold more than the database knows, it was put back as well, and who reads it has passed
//! the places that it is going to fill: it is made anew.

use contracts::events::header;

use super::{
    Bus, BusError,
    relay::{Relay, db_error},
};
use crate::db::{Outbox, Session};

impl Relay {
    /// Begins a new epoch when there is a reason to.
    pub(super) async fn begin_epoch(&self, session: &Session) -> Result<(), BusError> {
        if self.outbox == Outbox::Events {
            return self.adopt_epoch(session).await;
        }
        let state = session
            .client()
            .query_one(
                &self.sql("SELECT epoch, next_seq, lost_epoch FROM {outbox}_state"),
                &[],
            )
            .await
            .map_err(db_error)?;
        let given = (state.get::<_, i32>(0), state.get::<_, i64>(1));
        let ahead = self.last_in_stream().await?.filter(|last| *last >= given);
        let lost: Option<i32> = state.get(2);
        let lost = lost.max(ahead.map(|(epoch, _)| epoch));
        let next = lost.map_or(0, |lost| lost.max(given.0).saturating_add(1));
        let next = next.max(self.epoch);
        if next <= given.0 {
            return Ok(());
        }
        tracing::error!(service = %self.db.service(), outbox = self.outbox.table(), epoch = next, of_the_database_only = ahead.is_some(),
            "put back to an earlier day: a new epoch begins");
        if ahead.is_none() {
            // What is found to be another stream is refilled.
            self.bus.delete_stream().await?;
        }
        self.number_anew(session, next).await
    }

    /// The node's own stream is read by its own services alone, whose positions are kept in the same stream and databases.
    async fn adopt_epoch(&self, session: &Session) -> Result<(), BusError> {
        let raised = session
            .client()
            .execute(
                &self.sql("UPDATE {outbox}_state SET epoch = $1, next_seq = 1 WHERE epoch < $1"),
                &[&self.epoch],
            )
            .await
            .map_err(db_error)?;
        if raised > 0 {
            tracing::warn!(service = %self.db.service(), epoch = self.epoch, "a new epoch begins");
        }
        Ok(())
    }

    /// What the parent has not confirmed gets numbers of the new epoch: it may have other messages under the old ones. What it has
    /// under them after all is known by its id. The messages from above, which have no numbers to be asked for by, are read again.
    async fn number_anew(&self, session: &Session, epoch: i32) -> Result<(), BusError> {
        let unconfirmed = match self.outbox {
            Outbox::Up => format!(
                "UPDATE up_outbox SET epoch = NULL, seq = NULL, stream_seq = NULL, published_at = NULL, replays = replays + 1
                     WHERE (epoch, seq) > (SELECT confirmed_epoch, confirmed_seq FROM up_outbox_state);
                 UPDATE down_outbox_state SET lost_epoch = epoch WHERE {epoch} > {configured};",
                // What the operator raised, the other stream begins by itself.
                configured = self.epoch
            ),
            Outbox::Events | Outbox::Down => String::new(),
        };
        let sql = self.sql(&format!(
            "BEGIN; {unconfirmed}
             UPDATE {{outbox}}_state SET epoch = {epoch}, next_seq = 1, lost_epoch = NULL;
             COMMIT"
        ));
        session.client().batch_execute(&sql).await.map_err(db_error)
    }

    /// Epoch and sequence of the last message of this node that its stream up holds. What leaves downwards is not told from what
    /// comes from further up.
    async fn last_in_stream(&self) -> Result<Option<(i32, i64)>, BusError> {
        match self.outbox {
            Outbox::Up => {
                let own = format!("up.{}.>", self.db.node().address());
                self.bus.last_on(&own).await
            }
            Outbox::Events | Outbox::Down => Ok(None),
        }
    }
}

impl Bus {
    /// Epoch and sequence of the last message on a subject of the stream; none when there is no message or no stream.
    async fn last_on(&self, subject: &str) -> Result<Option<(i32, i64)>, BusError> {
        use async_nats::jetstream::stream::LastRawMessageErrorKind;
        if self.stream_info().await?.is_none() {
            return Ok(None);
        }
        let error = |text: String| BusError::Stream {
            stream: self.stream.clone(),
            text,
        };
        let stream = self.jetstream.get_stream_no_info(&self.stream).await;
        let stream = stream.map_err(|e| error(e.to_string()))?;
        let message = match stream.get_last_raw_message_by_subject(subject).await {
            Ok(message) => message,
            Err(e) if e.kind() == LastRawMessageErrorKind::NoMessageFound => return Ok(None),
            Err(e) => return Err(error(e.to_string())),
        };
        let number = |name: &str| message.headers.get(name)?.as_str().parse::<i64>().ok();
        let epoch = number(header::EPOCH).and_then(|epoch| i32::try_from(epoch).ok());
        Ok(epoch.zip(number(header::SEQ)))
    }
}
