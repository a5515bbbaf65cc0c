//! The durable consumer that a service reads a stream with.

use async_nats::jetstream::{
    consumer::{AckPolicy, Config, Consumer, DeliverPolicy, ReplayPolicy, pull},
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
        compare(name, &asked, &consumer.cached_info().config)?;
        Ok(consumer)
    }
}

/// Whether the server made the consumer that was asked for; it answers with what it has, and changes some fields on the way.
fn compare(name: &str, asked: &pull::Config, found: &Config) -> Result<(), BusError> {
    let mut wanted = asked.filter_subjects.clone();
    wanted.sort();
    let mut filters = found.filter_subjects.clone();
    if !found.filter_subject.is_empty() {
        filters.push(found.filter_subject.clone());
    }
    filters.sort();
    let fields = [
        ("filter_subjects", wanted.join(","), filters.join(",")),
        (
            "ack_policy",
            format!("{:?}", asked.ack_policy),
            format!("{:?}", found.ack_policy),
        ),
        (
            "ack_wait",
            format!("{:?}", asked.ack_wait),
            format!("{:?}", found.ack_wait),
        ),
        (
            "max_deliver",
            asked.max_deliver.to_string(),
            found.max_deliver.to_string(),
        ),
        (
            "max_ack_pending",
            asked.max_ack_pending.to_string(),
            found.max_ack_pending.to_string(),
        ),
    ];
    match fields.into_iter().find(|(_, asked, found)| asked != found) {
        None => Ok(()),
        Some((field, asked, found)) => Err(BusError::ConsumerDiffers {
            consumer: name.to_owned(),
            field,
            asked,
            found,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use async_nats::jetstream::consumer::{AckPolicy, Config, IntoConsumerConfig as _, pull};

    use super::{BusError, compare};

    fn asked() -> pull::Config {
        pull::Config {
            ack_policy: AckPolicy::Explicit,
            ack_wait: Duration::from_secs(30),
            max_deliver: -1,
            max_ack_pending: 256,
            filter_subjects: vec!["evt.b".to_owned(), "evt.a".to_owned()],
            ..pull::Config::default()
        }
    }

    fn differs(change: impl Fn(&mut Config)) -> Option<&'static str> {
        let mut found = asked().into_consumer_config();
        change(&mut found);
        match compare("intake", &asked(), &found) {
            Ok(()) => None,
            Err(BusError::ConsumerDiffers { field, .. }) => Some(field),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_consumer_that_is_not_the_one_asked_for_is_noticed() {
        assert_eq!(differs(|_| ()), None);
        assert_eq!(differs(|found| found.filter_subjects.reverse()), None);
        let fields = [
            differs(|found| found.filter_subjects.truncate(1)),
            differs(|found| found.filter_subject = "evt.c".to_owned()),
            differs(|found| found.ack_policy = AckPolicy::None),
            differs(|found| found.ack_wait = Duration::from_secs(1)),
            differs(|found| found.max_deliver = 5),
            differs(|found| found.max_ack_pending = 1),
        ];
        let expected = [
            "filter_subjects",
            "filter_subjects",
            "ack_policy",
            "ack_wait",
            "max_deliver",
            "max_ack_pending",
        ];
        assert_eq!(fields, expected.map(Some));
    }
}
