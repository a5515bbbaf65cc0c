//! The bus around a service under test: the test speaks and answers in the other services' place.

use anyhow::{Context, Result, ensure};
use chassis::service::ServiceModule;
use contracts::{
    Service,
    events::{Envelope, Event, header},
    ids::{EventId, TypedId},
    questions::Question,
    region::RegionCode,
};
use serde_json::Value;

use super::{NODE, TestService, setup::PASSWORD};

impl<S: ServiceModule> TestService<S> {
    /// Publishes an event as `from` would; gives its id.
    ///
    /// # Errors
    /// The stream does not take it.
    pub async fn publish<E: Event>(
        &self,
        from: Service,
        subject: impl TypedId,
        event: &E,
    ) -> Result<EventId> {
        let id = self.time.id();
        self.publish_as(id, from, subject, event).await?;
        Ok(id)
    }

    /// Publishes an event under an id of the test's choice: the same id twice is one event delivered twice.
    ///
    /// # Errors
    /// The stream does not take it.
    pub async fn publish_as<E: Event>(
        &self,
        id: EventId,
        from: Service,
        subject: impl TypedId,
        event: &E,
    ) -> Result<()> {
        let seq = {
            let mut sequences = self
                .sequences
                .lock()
                .map_err(|_| anyhow::anyhow!("poisoned"))?;
            let seq = sequences.entry(from).or_insert(0);
            *seq += 1;
            *seq
        };
        let envelope = Envelope {
            id,
            event_type: E::event_type(from),
            source: NODE.parse::<RegionCode>()?,
            subject: subject.uuid(),
            time: self.time.now(),
            service: from,
            epoch: 1,
            seq,
            case_seq: seq,
            correlation: id.uuid(),
            causation: None,
            traceparent: None,
        };
        let mut headers = async_nats::HeaderMap::new();
        for (name, value) in envelope.headers() {
            headers.insert(name, value.as_str());
        }
        // Delivered twice means stored twice: the broker's own de-duplication is not what is tested.
        headers.insert(header::MSG_ID, self.time.uuid().to_string().as_str());
        let request = async_nats::Request::new()
            .headers(headers)
            .payload(serde_json::to_vec(event)?.into());
        let answer = self
            .bus
            .send_request(E::subject(from), request)
            .await
            .context("publish")?;
        let answer: Value = serde_json::from_slice(&answer.payload)?;
        ensure!(answer.get("error").is_none(), "publish: {answer}");
        Ok(())
    }

    /// Answers another service's question for the rest of the test.
    ///
    /// # Errors
    /// The subscription cannot be made.
    #[expect(
        clippy::disallowed_methods,
        reason = "an answer is no event: it goes back to the one who asked"
    )]
    pub async fn answer<Q: Question>(
        &self,
        answer: impl Fn(Q) -> Q::Answer + Send + 'static,
    ) -> Result<()> {
        use futures_util::StreamExt as _;
        let mut questions = self.bus.subscribe(Q::subject()).await?;
        let bus = self.bus.clone();
        // A flush only writes. Any reply on this connection, be it that nobody answers, says that the server has read so far.
        _ = bus
            .send_request("_nobody", async_nats::Request::new())
            .await;
        let mut answering = self
            .answering
            .lock()
            .map_err(|_| anyhow::anyhow!("poisoned"))?;
        answering.spawn(async move {
            while let Some(message) = questions.next().await {
                let Ok(question) = serde_json::from_slice::<Q>(&message.payload) else {
                    continue;
                };
                let reply = serde_json::json!({ "answer": answer(question) });
                if let Some(inbox) = message.reply {
                    _ = bus.publish(inbox, reply.to_string().into()).await;
                }
            }
        });
        Ok(())
    }

    /// Asks the service a question as `asker` would; the problem's code when it does not answer it.
    ///
    /// # Errors
    /// No reply, or one that cannot be read.
    pub async fn ask<Q: Question>(
        &self,
        asker: Service,
        question: &Q,
    ) -> Result<std::result::Result<Q::Answer, String>> {
        let mut headers = async_nats::HeaderMap::new();
        headers.insert("fq-asker", asker.as_str());
        let request = async_nats::Request::new()
            .headers(headers)
            .payload(serde_json::to_vec(question)?.into());
        let reply = self.bus.send_request(Q::subject(), request).await?;
        let reply: Value = serde_json::from_slice(&reply.payload)?;
        match reply.get("answer") {
            Some(answer) => Ok(Ok(serde_json::from_value(answer.clone())?)),
            None => Ok(Err(reply
                .get("problem")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned())),
        }
    }

    /// Every message of the stream, in order: subject and headers.
    ///
    /// # Errors
    /// There is no stream.
    pub async fn stream_messages(
        &self,
    ) -> Result<Vec<(String, std::collections::BTreeMap<String, String>)>> {
        let stream = async_nats::jetstream::new(self.bus.clone())
            .get_stream("EVENTS")
            .await?;
        let state = stream.cached_info().state.clone();
        let mut messages = Vec::new();
        for sequence in state.first_sequence.max(1)..=state.last_sequence {
            let Ok(message) = stream.get_raw_message(sequence).await else {
                continue;
            };
            let headers = message
                .headers
                .iter()
                .filter_map(|(name, values)| Some((name.to_string(), values.first()?.to_string())));
            messages.push((message.subject.to_string(), headers.collect()));
        }
        Ok(messages)
    }

    /// Deletes the stream.
    ///
    /// # Errors
    /// There is none.
    pub async fn delete_stream(&self) -> Result<()> {
        async_nats::jetstream::new(self.bus.clone())
            .delete_stream("EVENTS")
            .await?;
        Ok(())
    }

    /// Publishes bytes that are no event.
    ///
    /// # Errors
    /// The stream does not take them.
    pub async fn publish_raw(&self, subject: &str, body: &'static [u8]) -> Result<()> {
        self.bus.request(subject.to_owned(), body.into()).await?;
        Ok(())
    }

    /// The bus as a service sees it, with that service's login.
    ///
    /// # Errors
    /// The login is refused.
    pub async fn login(&self, service: Service) -> Result<async_nats::Client> {
        let login = self.config.nats.login(service);
        let user = login.user.unwrap_or_default();
        let options = async_nats::ConnectOptions::new()
            .user_and_password(user, PASSWORD.to_owned())
            .custom_inbox_prefix(format!("_INBOX_{}", service.schema()));
        Ok(options.connect(self.nats.url()).await?)
    }
}
