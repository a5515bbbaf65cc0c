//! Publishing a batch of outbox rows: all of them or none (JetStream's atomic batch), one fsync for all.

use std::time::Duration;

use async_nats::{HeaderMap, client::RequestErrorKind};
use bytes::Bytes;
use serde::Deserialize;

use super::Bus;

/// An event with its headers, ready to leave.
pub(super) struct Outgoing {
    /// `evt.…`
    pub nats_subject: String,
    /// All headers, `Nats-Msg-Id` included.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Why a batch was not acknowledged.
#[derive(Debug)]
pub(super) enum PublishError {
    /// Some of it is in the stream already: publish one by one.
    Duplicate,
    /// The stream is not there.
    NoStream,
    /// The stream is full: wait.
    Full(String),
    /// A message is larger than the stream takes.
    TooLarge(String),
    /// Anything else: try again.
    Other(String),
}

#[derive(Deserialize)]
struct Ack {
    #[serde(default)]
    seq: i64,
    error: Option<AckError>,
}

#[derive(Deserialize)]
struct AckError {
    #[serde(default)]
    err_code: u64,
    #[serde(default)]
    description: String,
}

/// JetStream's error for a batch with a message id it has seen.
const DUPLICATE_IN_BATCH: u64 = 10201;
/// JetStream's errors for a stream that is full.
const FULL: [u64; 2] = [10047, 10077];
/// JetStream's error for a message beyond the stream's `max_msg_size`.
const TOO_LARGE: u64 = 10054;

impl Bus {
    /// Publishes `events` in one batch and gives the stream sequence of each.
    pub(super) async fn publish_batch(
        &self,
        batch_id: &str,
        events: &[Outgoing],
        wait: Duration,
    ) -> Result<Vec<i64>, PublishError> {
        let Some((last, before)) = events.split_last() else {
            return Ok(Vec::new());
        };
        if before.is_empty() {
            return Ok(vec![self.publish_one(last, wait).await?]);
        }
        for (index, event) in before.iter().enumerate() {
            let headers = batch_headers(event, batch_id, index + 1, false);
            if index == 0 {
                // The first one is answered: with nothing, or with the reason why no batch can be taken.
                let answer = self.store(event, headers, wait).await?;
                if !answer.is_empty() {
                    read_ack(&answer)?;
                }
            } else {
                self.send(event, headers).await?;
            }
        }
        let answer = self
            .store(
                last,
                batch_headers(last, batch_id, events.len(), true),
                wait,
            )
            .await?;
        let seq = read_ack(&answer)?;
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        Ok((seq - count + 1..=seq).collect())
    }

    /// Publishes one event; one that is in the stream already gives the sequence it has there.
    pub(super) async fn publish_one(
        &self,
        event: &Outgoing,
        wait: Duration,
    ) -> Result<i64, PublishError> {
        read_ack(&self.store(event, event.headers.clone(), wait).await?)
    }

    async fn store(
        &self,
        event: &Outgoing,
        headers: HeaderMap,
        wait: Duration,
    ) -> Result<Bytes, PublishError> {
        let request = async_nats::Request::new()
            .headers(headers)
            .payload(event.body.clone())
            .timeout(Some(wait));
        match self
            .client
            .send_request(event.nats_subject.clone(), request)
            .await
        {
            Ok(message) => Ok(message.payload),
            Err(e) if e.kind() == RequestErrorKind::NoResponders => Err(PublishError::NoStream),
            Err(e) => Err(PublishError::Other(e.to_string())),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this is how the outbox leaves")]
    async fn send(&self, event: &Outgoing, headers: HeaderMap) -> Result<(), PublishError> {
        self.client
            .publish_with_headers(event.nats_subject.clone(), headers, event.body.clone())
            .await
            .map_err(|e| PublishError::Other(e.to_string()))
    }
}

fn batch_headers(event: &Outgoing, batch_id: &str, sequence: usize, commit: bool) -> HeaderMap {
    let mut headers = event.headers.clone();
    headers.insert(async_nats::header::NATS_BATCH_ID, batch_id);
    headers.insert(
        async_nats::header::NATS_BATCH_SEQUENCE,
        sequence.to_string().as_str(),
    );
    if commit {
        headers.insert(
            async_nats::header::NATS_BATCH_COMMIT,
            async_nats::header::NATS_BATCH_COMMIT_FINAL,
        );
    }
    headers
}

fn read_ack(answer: &[u8]) -> Result<i64, PublishError> {
    let ack: Ack = serde_json::from_slice(answer)
        .map_err(|e| PublishError::Other(format!("acknowledgement: {e}")))?;
    match ack.error {
        None => Ok(ack.seq),
        Some(e) if e.err_code == DUPLICATE_IN_BATCH => Err(PublishError::Duplicate),
        Some(e) if FULL.contains(&e.err_code) => Err(PublishError::Full(e.description)),
        Some(e) if e.err_code == TOO_LARGE => Err(PublishError::TooLarge(e.description)),
        Some(e) => Err(PublishError::Other(format!(
            "{} ({})",
            e.description, e.err_code
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_is_full_is_told_from_a_message_that_is_too_large() {
        let read = |code: u64| {
            let answer = serde_json::json!({"error": {"err_code": code, "description": ""}});
            read_ack(answer.to_string().as_bytes()).unwrap_err()
        };
        assert!(matches!(read(10077), PublishError::Full(_)));
        assert!(matches!(read(10054), PublishError::TooLarge(_)));
        assert!(matches!(read(10201), PublishError::Duplicate));
        assert!(matches!(read(10003), PublishError::Other(_)));
    }
}
