//! The consumer of a service: one active process at a time, elected, so that the events of a case are applied in order.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_nats::jetstream::{self, AckKind};
use contracts::{
    events::{Envelope, EnvelopeError, header},
    ids::TypedId as _,
    problems::common,
};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::{
    Bus, BusError, Shape, Subscriptions, Verdict, dead_letters, inbox,
    leader::{consumer_role, lead},
};
use crate::{
    config::ConsumersConfig,
    db::{Cause, Db, Tx},
    http::Problem,
    lifecycle::Lifecycle,
    telemetry::{Applied, metrics, set_parent},
};

/// Wait after a fault before everything is set up anew.
const PAUSE: Duration = Duration::from_millis(500);
/// Wait after a reader before this one was still given events. A nats-server that takes leaf links goes on giving to a request whose
/// reader has gone until it is 2 s old (`defaultGatewayRecentSubExpiration`): who asks again sooner leaves such a request behind
/// each time, and none of its own is ever given everything.
const FORGOTTEN: Duration = Duration::from_millis(2500);
/// How often dead letters to be replayed are looked for when no event comes.
const TICK: Duration = Duration::from_secs(1);

/// When a message that could not be judged yet comes again.
const JUDGED_AGAIN: Duration = Duration::from_secs(3);
/// How often it is judged.
const JUDGEMENTS: i64 = 10;

/// Consumes until the soft stop; a fault of PostgreSQL or NATS is waited out.
///
/// # Errors
/// When the server's consumer differs from the one asked for: retrying cannot help.
pub(crate) async fn consume<S: 'static>(
    state: Arc<S>,
    subscriptions: Subscriptions<S>,
    db: Db,
    bus: Bus,
    config: ConsumersConfig,
    lifecycle: Lifecycle,
) -> Result<(), BusError> {
    let stop = lifecycle.soft().clone();
    let consumer = Consumer {
        state,
        subscriptions,
        db,
        bus,
        config,
        stop: stop.clone(),
    };
    loop {
        let result = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            result = consumer.run() => result,
        };
        let pause = match result {
            Ok(()) => return Ok(()),
            Err(error @ BusError::ConsumerDiffers { .. }) => return Err(error),
            Err(BusError::Reshaped) => PAUSE,
            Err(error @ BusError::Shared) => {
                tracing::warn!(service = %consumer.db.service(), %error, "reading them again");
                FORGOTTEN
            }
            Err(error) => {
                tracing::warn!(service = %consumer.db.service(), %error, "consumer interrupted, starting anew");
                PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
    }
}

pub(super) struct Consumer<S: 'static> {
    pub(super) state: Arc<S>,
    pub(super) subscriptions: Subscriptions<S>,
    pub(super) db: Db,
    bus: Bus,
    config: ConsumersConfig,
    stop: CancellationToken,
}

/// A message with its attributes read.
struct Incoming {
    envelope: Envelope,
    message: jetstream::Message,
}

impl<S: 'static> Consumer<S> {
    async fn run(&self) -> Result<(), BusError> {
        let mut shape = self.bus.shape.clone();
        let mut subjects = self.subjects(&mut shape);
        while subjects.is_empty() {
            if shape.changed().await.is_err() {
                self.stop.cancelled().await;
                return Ok(());
            }
            subjects = self.subjects(&mut shape);
        }
        let prefix = prefix(&subjects);
        let schema = self.db.service().schema();
        let role = consumer_role(&self.bus.stream);
        let session = lead(self.db.url(), self.db.runtime(), &schema, &role).await?;
        self.bus.ensure_stream().await?;
        let consumer = self.bus.consumer(&subjects, &self.config).await?;
        let batch = usize::try_from(self.config.batch).unwrap_or(64);
        let mut delivered = consumer.cached_info().delivered.consumer_sequence;
        let mut messages = consumer
            .stream()
            .max_messages_per_batch(batch * 2)
            .messages()
            .await
            .map_err(|e| BusError::Connect(e.to_string()))?;
        let mut idle = tokio::time::interval(TICK);
        loop {
            let first = tokio::select! {
                () = self.stop.cancelled() => return Ok(()),
                first = messages.next() => first,
                // Another set of nodes below: the consumer is made anew with their subjects.
                Ok(()) = shape.changed() => return Err(BusError::Reshaped),
                _ = idle.tick() => {
                    if session.client().is_closed() {
                        return Err(BusError::Database("the session that holds the leadership is gone".to_owned()));
                    }
                    self.replay_dead_letters(&prefix).await;
                    continue;
                }
            };
            let mut chunk = Vec::with_capacity(batch);
            let mut next = first;
            loop {
                match next {
                    Some(Ok(message)) => chunk.push(message),
                    Some(Err(error)) if chunk.is_empty() => {
                        return Err(BusError::Connect(error.to_string()));
                    }
                    // The fault comes again with the next call; what has arrived is applied first.
                    Some(Err(_)) => break,
                    None => break,
                }
                if chunk.len() == batch {
                    break;
                }
                match messages.next().now_or_never() {
                    Some(more) => next = more,
                    None => break,
                }
            }
            if chunk.is_empty() {
                return Err(BusError::Connect("the subscription ended".to_owned()));
            }
            if session.client().is_closed() {
                return Err(BusError::Database(
                    "the session that holds the leadership is gone".to_owned(),
                ));
            }
            // While a consumer changes hands the server gives some events to the earlier reader first, and to this one behind
            // those that follow them. Every delivery is counted: one that did not come here would be applied too late.
            for message in &chunk {
                delivered += 1;
                if message.info().map_or(0, |info| info.consumer_sequence) != delivered {
                    return Err(BusError::Shared);
                }
            }
            self.apply_chunk(chunk).await;
        }
    }

    /// What to read: on the node's own stream what is subscribed to, between nodes what the shape says.
    fn subjects(&self, shape: &mut tokio::sync::watch::Receiver<Shape>) -> Vec<String> {
        let between_nodes = shape.borrow_and_update().subjects.clone();
        match self.bus.epoch {
            Some(_) => between_nodes,
            None => self.subscriptions.subjects(),
        }
    }

    /// Applies what has arrived: all in one transaction when nothing fails, else one by one.
    async fn apply_chunk(&self, chunk: Vec<jetstream::Message>) {
        let mut incoming = Vec::with_capacity(chunk.len());
        for message in chunk {
            let envelope = match read_envelope(&message) {
                Ok(envelope) => envelope,
                Err(error) => {
                    self.bury_unreadable(&message, &error).await;
                    continue;
                }
            };
            let one = Incoming { envelope, message };
            match self.check(&one) {
                Verdict::Apply => incoming.push(one),
                Verdict::Later if is_to_come_again(&one.message) => postpone(&one.message).await,
                Verdict::Ignore | Verdict::Later => acknowledge(&one.message).await,
                // Without a place in the inbox: its id and sequence may be somebody else's.
                Verdict::Refuse(problem) => self.bury_refused(&one, &problem).await,
            }
        }
        let all: Vec<&Incoming> = incoming.iter().collect();
        if !all.is_empty() && self.apply(&all).await.is_ok() {
            for one in &all {
                acknowledge(&one.message).await;
            }
            return;
        }
        for one in &incoming {
            if self.apply_until_done(one).await {
                acknowledge(&one.message).await;
            }
        }
    }

    fn check(&self, one: &Incoming) -> Verdict {
        let (state, message) = (&self.state, &one.message);
        let headers = message.headers.clone().unwrap_or_default();
        self.subscriptions.check(
            state,
            &headers,
            &message.subject,
            &one.envelope,
            &message.payload,
        )
    }

    /// Applies one event until it is applied or buried; false when the process stops before.
    async fn apply_until_done(&self, one: &Incoming) -> bool {
        let mut attempt: u32 = 0;
        loop {
            let Err(problem) = self.apply(&[one]).await else {
                return true;
            };
            attempt += 1;
            let transient = problem.code().status == common::UNAVAILABLE.status;
            let tried =
                attempt >= self.config.max_attempts || self.subscriptions.is_final(&problem);
            metrics().consumer_event(
                self.db.service().as_str(),
                &one.envelope.event_type,
                Applied::Failed,
                Duration::ZERO,
            );
            if !transient && tried && self.bury(one, &problem, attempt).await.is_ok() {
                return true;
            }
            let wait = if transient {
                self.backoff(attempt)
            } else {
                Duration::from_millis(20 * u64::from(attempt))
            };
            tokio::select! {
                () = self.stop.cancelled() => return false,
                () = tokio::time::sleep(wait) => {}
            }
            // Tells the server that we are still at it.
            _ = one.message.ack_with(AckKind::Progress).await;
        }
    }

    fn backoff(&self, attempt: u32) -> Duration {
        let index = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
        let steps = &self.config.backoff;
        steps.get(index).or(steps.last()).copied().unwrap_or(PAUSE)
    }

    /// Applies events in one transaction with their inbox rows.
    async fn apply(&self, events: &[&Incoming]) -> Result<(), Problem> {
        let started = Instant::now();
        let envelopes: Vec<&Envelope> = events.iter().map(|i| &i.envelope).collect();
        let cause = Cause::new(self.db.time());
        let outcomes = self
            .db
            .tx_absorbed("consume", &cause, async |tx: &mut Tx| {
                let mut fresh = inbox::record(tx, &envelopes).await?;
                let mut outcomes = Vec::with_capacity(events.len());
                for one in events {
                    if !fresh.remove(&(one.envelope.id.uuid(), one.envelope.origin())) {
                        outcomes.push(Applied::Duplicate);
                        continue;
                    }
                    outcomes.push(Applied::Applied);
                    let span = tracing::info_span!("consume", event_type = %one.envelope.event_type, otel.kind = "consumer");
                    if let Some(parent) = &one.envelope.traceparent {
                        set_parent(&span, parent);
                    }
                    async {
                        tx.caused_by(Cause::event(&one.envelope));
                        self.subscriptions
                            .apply(&self.state, tx, &one.envelope, &one.message.payload)
                            .await
                    }
                    .instrument(span)
                    .await?;
                }
                let mut again = Vec::new();
                for (one, applied) in events.iter().zip(&outcomes) {
                    if *applied == Applied::Duplicate && self.subscriptions.is_whole(&one.envelope) {
                        again.push(&one.envelope);
                    }
                }
                if !again.is_empty() {
                    inbox::renumber(tx, &again).await?;
                }
                inbox::advance(tx, &envelopes, |event| self.subscriptions.is_whole(event));
                Ok(outcomes)
            })
            .await?;
        let service = self.db.service();
        let each = started.elapsed() / u32::try_from(events.len().max(1)).unwrap_or(1);
        for (one, outcome) in events.iter().zip(outcomes) {
            metrics().consumer_event(service.as_str(), &one.envelope.event_type, outcome, each);
        }
        Ok(())
    }

    async fn bury(&self, one: &Incoming, problem: &Problem, attempts: u32) -> Result<(), Problem> {
        tracing::error!(service = %self.db.service(), event_type = %one.envelope.event_type, event_id = %one.envelope.id,
            problem = problem.code().code, "an event that cannot be applied goes to the dead letters");
        let letter = dead_letters::Letter {
            event_id: one.envelope.id.uuid(),
            nats_subject: one.message.subject.to_string(),
            headers: headers_json(&one.message),
            payload: one.message.payload.to_vec(),
            problem: problem.code().code.to_owned(),
            detail: problem.internal_message().unwrap_or_default().to_owned(),
            attempts: i32::try_from(attempts).unwrap_or(i32::MAX),
            in_inbox: true,
        };
        self.db
            .tx("bury", &Cause::new(self.db.time()), async |tx: &mut Tx| {
                inbox::record(tx, &[&one.envelope]).await?;
                inbox::advance(tx, &[&one.envelope], |event| {
                    self.subscriptions.is_whole(event)
                });
                if !dead_letters::insert(tx, &letter).await? {
                    // The same id from another origin lies there already.
                    let event_id = self.db.time().uuid();
                    dead_letters::insert(
                        tx,
                        &dead_letters::Letter {
                            event_id,
                            ..letter.clone()
                        },
                    )
                    .await?;
                }
                Ok(())
            })
            .await?;
        metrics().consumer_event(
            self.db.service().as_str(),
            &one.envelope.event_type,
            Applied::DeadLettered,
            Duration::ZERO,
        );
        Ok(())
    }

    /// A message that is no event of ours: kept under a new id, since its own cannot be read.
    async fn bury_unreadable(&self, message: &jetstream::Message, error: &EnvelopeError) {
        tracing::error!(service = %self.db.service(), subject = %message.subject, %error, "a message that is no event goes to the dead letters");
        let letter = dead_letters::Letter {
            event_id: self.db.time().uuid(),
            nats_subject: message.subject.to_string(),
            headers: headers_json(message),
            payload: message.payload.to_vec(),
            problem: common::INVALID_HEADER.code.to_owned(),
            detail: error.to_string(),
            attempts: 1,
            in_inbox: false,
        };
        self.keep_aside(message, &letter).await;
    }

    /// A message that did not pass the checks: kept under a new id for a person to look at.
    async fn bury_refused(&self, one: &Incoming, problem: &Problem) {
        tracing::error!(service = %self.db.service(), subject = %one.message.subject, event_id = %one.envelope.id,
            detail = problem.internal_message().unwrap_or_default(), "a message did not pass the checks and goes to the dead letters");
        let letter = dead_letters::Letter {
            event_id: self.db.time().uuid(),
            nats_subject: one.message.subject.to_string(),
            headers: headers_json(&one.message),
            payload: one.message.payload.to_vec(),
            problem: problem.code().code.to_owned(),
            detail: problem.internal_message().unwrap_or_default().to_owned(),
            attempts: 1,
            in_inbox: false,
        };
        self.keep_aside(&one.message, &letter).await;
    }

    async fn keep_aside(&self, message: &jetstream::Message, letter: &dead_letters::Letter) {
        let stored = self
            .db
            .tx("bury", &Cause::new(self.db.time()), async |tx: &mut Tx| {
                dead_letters::insert(tx, letter).await.map(drop)
            })
            .await;
        if stored.is_ok() {
            acknowledge(message).await;
        }
    }
}

/// What all subjects of a stream begin with: `evt.`, `up.`, `down.`.
fn prefix(subjects: &[String]) -> String {
    let first = subjects
        .first()
        .and_then(|subject| subject.split('.').next());
    format!("{}.", first.unwrap_or_default())
}

fn read_envelope(message: &jetstream::Message) -> Result<Envelope, EnvelopeError> {
    let headers = message
        .headers
        .as_ref()
        .ok_or(EnvelopeError::Missing(header::ID))?;
    Envelope::parse(|name| headers.get(name).map(async_nats::HeaderValue::as_str))
}

fn headers_json(message: &jetstream::Message) -> serde_json::Value {
    let headers = message.headers.iter().flat_map(async_nats::HeaderMap::iter);
    headers
        .filter_map(|(name, values)| Some((name.to_string(), values.first()?.as_str().into())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// An acknowledgement that is lost only means that the event comes again and is ignored.
async fn acknowledge(message: &jetstream::Message) {
    if let Err(error) = message.ack().await {
        tracing::debug!(%error, "acknowledgement not sent");
    }
}

fn is_to_come_again(message: &jetstream::Message) -> bool {
    message.info().is_ok_and(|info| info.delivered < JUDGEMENTS)
}

/// Asks for it again; if that is lost, it comes again when its acknowledgement is overdue.
async fn postpone(message: &jetstream::Message) {
    if let Err(error) = message.ack_with(AckKind::Nak(Some(JUDGED_AGAIN))).await {
        tracing::debug!(%error, "not postponed");
    }
}
