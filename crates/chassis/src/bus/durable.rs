//! The durable consumer that a service reads a stream with.

use async_nats::jetstream::{
    consumer::{AckPolicy, Consumer, DeliverPolicy, ReplayPolicy, pull},
    context::ConsumerInfoErrorKind,
    stream::Stream,
};

use super::{Bus, BusError};
use crate::config::ConsumersConfig;

/// Where a consumer between nodes notes the epoch it was made in.
const EPOCH: &str = "fengqiao.epoch";

impl Bus {
    /// Between nodes: a consumer of an earlier epoch is removed. It has passed what the restored database does not have; what
    /// that has is ignored the second time.
    async fn forget_before_restore(&self, stream: &Stream<()>) -> Result<(), BusError> {
        let Some(epoch) = self.epoch else {
            return Ok(());
        };
        let failed = |text: String| BusError::Stream {
            stream: self.stream.clone(),
            text,
        };
        let found = match stream.consumer_info(&self.durable).await {
            Ok(found) => found,
            Err(e) if e.kind() == ConsumerInfoErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(failed(e.to_string())),
        };
        let made_in = found
            .config
            .metadata
            .get(EPOCH)
            .and_then(|e| e.parse::<u32>().ok());
        if made_in.is_some_and(|made_in| made_in < epoch) {
            tracing::warn!(
                stream = self.stream,
                epoch,
                "the database was restored: the stream is read again"
            );
            stream
                .delete_consumer(&self.durable)
                .await
                .map_err(|e| failed(e.to_string()))?;
        }
        Ok(())
    }

    /// The durable consumer of this service, made or found, and compared with what was asked for.
    pub(super) async fn consumer(
        &self,
        subjects: &[String],
        config: &ConsumersConfig,
    ) -> Result<Consumer<pull::Config>, BusError> {
        let name = self.durable.as_str();
        let asked = pull::Config {
            durable_name: Some(name.to_owned()),
            deliver_policy: DeliverPolicy::All,
            ack_policy: AckPolicy::Explicit,
            replay_policy: ReplayPolicy::Instant,
            ack_wait: config.ack_wait,
            max_deliver: -1,
            max_ack_pending: i64::from(config.max_ack_pending),
            filter_subjects: subjects.to_vec(),
            metadata: self
                .epoch
                .map(|epoch| (EPOCH.to_owned(), epoch.to_string()))
                .into_iter()
                .collect(),
            ..pull::Config::default()
        };
        let stream = self
            .jetstream
            .get_stream_no_info(&self.stream)
            .await
            .map_err(|e| BusError::Stream {
                stream: self.stream.clone(),
                text: e.to_string(),
            })?;
        self.forget_before_restore(&stream).await?;
        let failed = |text: String| BusError::Stream {
            stream: self.stream.clone(),
            text,
        };
        let mut consumer = stream
            .create_consumer(asked.clone())
            .await
            .map_err(|e| failed(e.to_string()))?;
        if consumer.cached_info().num_ack_pending > 0 {
            // What was handed out before and not answered would come later than what follows it.
            consumer
                .reset(None)
                .await
                .map_err(|e| failed(e.to_string()))?;
        }
        let found = &consumer.cached_info().config;
        let differs = |field, asked: String, found: String| {
            if asked == found {
                Ok(())
            } else {
                Err(BusError::ConsumerDiffers {
                    consumer: name.to_owned(),
                    field,
                    asked,
                    found,
                })
            }
        };
        let mut filters = found.filter_subjects.clone();
        if !found.filter_subject.is_empty() {
            filters.push(found.filter_subject.clone());
        }
        filters.sort();
        let mut wanted = subjects.to_vec();
        wanted.sort();
        differs("filter_subjects", wanted.join(","), filters.join(","))?;
        differs(
            "ack_policy",
            format!("{:?}", asked.ack_policy),
            format!("{:?}", found.ack_policy),
        )?;
        differs(
            "ack_wait",
            format!("{:?}", asked.ack_wait),
            format!("{:?}", found.ack_wait),
        )?;
        differs(
            "max_deliver",
            asked.max_deliver.to_string(),
            found.max_deliver.to_string(),
        )?;
        differs(
            "max_ack_pending",
            asked.max_ack_pending.to_string(),
            found.max_ack_pending.to_string(),
        )?;
        Ok(consumer)
    }
}
