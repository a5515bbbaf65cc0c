//! What the server says of the node's stream and of a service's consumer, for whoever looks from outside.

use async_nats::jetstream::consumer::Info as ConsumerInfo;
use async_nats::jetstream::context::ConsumerInfoErrorKind;
use async_nats::jetstream::stream::Info;

use super::{Bus, BusError};

/// What a service sees of its bus.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Version of the server.
    pub version: String,
    /// The stream; `None` before the first process made it.
    pub stream: Option<Info>,
    /// The service's durable consumer; `None` before its first process made it.
    pub consumer: Option<ConsumerInfo>,
}

impl Bus {
    /// Asks the server.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn standing(&self) -> Result<Standing, BusError> {
        let stream = self.stream_info().await?;
        let consumer = match stream {
            Some(_) => self.consumer_info().await?,
            None => None,
        };
        Ok(Standing {
            version: self.client.server_info().version,
            stream,
            consumer,
        })
    }

    async fn consumer_info(&self) -> Result<Option<ConsumerInfo>, BusError> {
        let failed = |text: String| BusError::Stream {
            stream: self.stream.clone(),
            text,
        };
        let stream = self.jetstream.get_stream_no_info(&self.stream).await;
        let stream = stream.map_err(|e| failed(e.to_string()))?;
        match stream.consumer_info(&self.durable).await {
            Ok(info) => Ok(Some(info)),
            Err(e) if e.kind() == ConsumerInfoErrorKind::NotFound => Ok(None),
            Err(e) => Err(failed(e.to_string())),
        }
    }
}
