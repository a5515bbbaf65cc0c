//! The stream that carries the events.

use std::collections::BTreeSet;

use async_nats::jetstream::stream::{
    Compression, Config, DiscardPolicy, Info, RetentionPolicy, StorageType,
};

use super::{Bus, BusError};
use crate::config::NatsConfig;

/// JetStream's error for a stream that does not exist.
const STREAM_NOT_FOUND: u64 = 10059;

/// The node's own stream as it should be: on file, full means "wait" and never "drop", batches are atomic.
pub(super) fn events(config: &NatsConfig) -> Config {
    Config {
        name: config.stream.clone(),
        subjects: vec!["evt.>".to_owned()],
        storage: StorageType::File,
        retention: RetentionPolicy::Limits,
        discard: DiscardPolicy::New,
        num_replicas: config.replicas,
        max_bytes: config.max_bytes,
        max_age: config.max_age,
        duplicate_window: config.duplicate_window,
        compression: Some(Compression::S2),
        allow_direct: true,
        allow_atomic_publish: true,
        ..Config::default()
    }
}

/// Where a stream takes messages from, in an order of its own.
fn sources(config: &Config) -> BTreeSet<(String, Option<String>, Option<String>)> {
    let all = config.sources.iter().flatten();
    all.map(|source| {
        let api = source.external.as_ref().map(|e| e.api_prefix.clone());
        (source.name.clone(), source.filter_subject.clone(), api)
    })
    .collect()
}

impl Bus {
    fn stream_error(&self, text: impl std::fmt::Display) -> BusError {
        BusError::Stream {
            stream: self.stream.clone(),
            text: text.to_string(),
        }
    }

    /// What the server says of the stream; `None` when there is none.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(super) async fn stream_info(&self) -> Result<Option<Info>, BusError> {
        use async_nats::jetstream::context::GetStreamErrorKind;
        match self.jetstream.get_stream(&self.stream).await {
            Ok(stream) => Ok(Some(stream.cached_info().clone())),
            Err(e) => match e.kind() {
                GetStreamErrorKind::JetStream(js) if js.error_code().0 == STREAM_NOT_FOUND => {
                    Ok(None)
                }
                _ => Err(self.stream_error(e)),
            },
        }
    }

    /// The stream, made when it is missing.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub(super) async fn ensure_stream(&self) -> Result<Info, BusError> {
        if let Some(info) = self.stream_info().await? {
            if !info.config.allow_atomic_publish || info.config.discard != DiscardPolicy::New {
                return Err(self.stream_error(
                    "it exists with another configuration (atomic batches, discard new)",
                ));
            }
            let wanted = self.shape.borrow().stream.clone();
            // Never changes once the stream is made, says nats-server.
            let wanted = Config {
                max_consumers: info.config.max_consumers,
                ..wanted
            };
            let limits = |config: &Config| {
                (
                    config.max_bytes,
                    config.max_age,
                    config.num_replicas,
                    config.max_message_size,
                    config.deny_purge,
                )
            };
            // The limits of the node's own stream are the operator's to change.
            let as_large = self.epoch.is_none() || limits(&info.config) == limits(&wanted);
            if as_large && sources(&info.config) == sources(&wanted) {
                return Ok(info);
            }
            return self
                .jetstream
                .update_stream(wanted)
                .await
                .map_err(|e| self.stream_error(e));
        }
        let wanted = self.shape.borrow().stream.clone();
        let stream = self
            .jetstream
            .create_stream(wanted)
            .await
            .map_err(|e| self.stream_error(e))?;
        Ok(stream.cached_info().clone())
    }

    /// Deletes the stream; it is no error when there is none.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub(super) async fn delete_stream(&self) -> Result<(), BusError> {
        if self.stream_info().await?.is_some() {
            self.jetstream
                .delete_stream(&self.stream)
                .await
                .map_err(|e| self.stream_error(e))?;
        }
        Ok(())
    }
}
