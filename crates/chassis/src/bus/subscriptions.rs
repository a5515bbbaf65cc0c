//! Which events a service applies, and how.

use std::collections::BTreeMap;

use async_nats::HeaderMap;
use contracts::{
    Service,
    events::{Envelope, Event},
    problems::common,
};
use futures_util::future::{LocalBoxFuture, ready};

use crate::{db::Tx, http::Problem};

/// Applies one event inside the consumer's transaction.
type Handler<S> = Box<
    dyn for<'a> Fn(
            &'a S,
            &'a mut Tx,
            &'a Envelope,
            &'a [u8],
        ) -> LocalBoxFuture<'a, Result<(), Problem>>
        + Send
        + Sync,
>;

/// The events a service applies, each with its handler. Handlers run one after the other in the order of the stream, each in
/// the transaction that also records the event in the inbox.
pub struct Subscriptions<S> {
    subjects: Vec<String>,
    handlers: BTreeMap<String, Handler<S>>,
    any: Option<Handler<S>>,
    /// The services whose every event comes here.
    whole: Vec<Service>,
    guard: Option<Guard<S>>,
    gapless: bool,
}

/// Checks a message before it is applied: its headers, its subject, its attributes, its body. What does not pass goes to the
/// dead letters.
pub type Guard<S> = fn(&S, &HeaderMap, &str, &Envelope, &[u8]) -> Verdict;

/// What a guard says of a message.
#[derive(Debug)]
pub enum Verdict {
    /// It may be applied.
    Apply,
    /// It is acknowledged without a trace: not for this node, or it cannot be judged yet and will be asked for again.
    Ignore,
    /// It cannot be judged yet, and nobody will ask for it again: it is judged once more in a moment, while others are applied.
    /// After half a minute it is ignored.
    Later,
    /// It goes to the dead letters.
    Refuse(Problem),
}

impl<S: 'static> Default for Subscriptions<S> {
    fn default() -> Self {
        Self {
            subjects: Vec::new(),
            handlers: BTreeMap::new(),
            any: None,
            whole: Vec::new(),
            guard: None,
            gapless: false,
        }
    }
}

impl<S: 'static> Subscriptions<S> {
    /// No events.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Applies the events `E` that `service` publishes.
    #[must_use]
    pub fn on<E: Event>(
        mut self,
        service: Service,
        handler: impl AsyncFn(&S, &mut Tx, &Envelope, E) -> Result<(), Problem>
        + Copy
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.subscribe(E::subject(service));
        self.handlers.insert(
            E::event_type(service),
            Box::new(move |state, tx, envelope, body| {
                Box::pin(async move { handler(state, tx, envelope, parse::<E>(body)?).await })
            }),
        );
        self
    }

    /// Notes the events `E` that `service` publishes: like [`Self::on`], for a handler that reads nothing and only leaves
    /// writes for the end of the transaction ([`Tx::later`]).
    #[must_use]
    pub fn note<E: Event>(
        mut self,
        service: Service,
        handler: impl Fn(&S, &mut Tx, &Envelope, E) -> Result<(), Problem>
        + Copy
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.subscribe(E::subject(service));
        self.handlers.insert(
            E::event_type(service),
            Box::new(move |state, tx, envelope, body| {
                let noted = parse::<E>(body).and_then(|event| handler(state, tx, envelope, event));
                Box::pin(ready(noted))
            }),
        );
        self
    }

    /// Subjects of one consumer may not overlap.
    fn subscribe(&mut self, subject: String) {
        let covered = |by: &String| {
            by.strip_suffix('>')
                .is_some_and(|prefix| subject.starts_with(prefix))
        };
        if !self.subjects.iter().any(covered) {
            self.subjects.push(subject);
        }
    }

    /// Checks every message first; for what comes from other nodes.
    #[must_use]
    pub fn guarded(mut self, guard: Guard<S>) -> Self {
        self.guard = Some(guard);
        self
    }

    /// Everything an origin sends comes here, so that a missing sequence is a gap.
    #[must_use]
    pub fn gapless(mut self) -> Self {
        self.gapless = true;
        self
    }

    /// Notes every event, of any kind, of these services (a ledger). Runs before the handler of the kind.
    #[must_use]
    pub fn note_any(
        mut self,
        services: &[Service],
        handler: impl Fn(&S, &mut Tx, &Envelope, serde_json::Value) -> Result<(), Problem>
        + Copy
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.subjects = if services.len() == Service::ALL.len() {
            vec!["evt.>".to_owned()]
        } else {
            services.iter().map(|s| format!("evt.{s}.>")).collect()
        };
        self.whole = services.to_vec();
        self.any = Some(Box::new(move |state, tx, envelope, body| {
            let noted = parse(body).and_then(|event| handler(state, tx, envelope, event));
            Box::pin(ready(noted))
        }));
        self
    }

    /// The subjects to subscribe to on the node's own stream.
    #[must_use]
    pub fn subjects(&self) -> Vec<String> {
        self.subjects.clone()
    }

    /// Whether the message may be applied.
    pub(super) fn check(
        &self,
        state: &S,
        headers: &HeaderMap,
        nats_subject: &str,
        envelope: &Envelope,
        body: &[u8],
    ) -> Verdict {
        match self.guard {
            Some(guard) => guard(state, headers, nats_subject, envelope, body),
            None => Verdict::Apply,
        }
    }

    /// Whether a refusal is final. Nothing on this node can change what another node has sent.
    pub(super) fn is_final(&self, problem: &Problem) -> bool {
        self.guard.is_some() && problem.code().status < common::INTERNAL.status
    }

    /// Whether every event of its origin comes here, so that a missing sequence is a gap.
    pub(super) fn is_whole(&self, envelope: &Envelope) -> bool {
        self.gapless || self.whole.contains(&envelope.service)
    }

    /// Applies one event.
    pub(super) async fn apply(
        &self,
        state: &S,
        tx: &mut Tx,
        envelope: &Envelope,
        body: &[u8],
    ) -> Result<(), Problem> {
        if let Some(any) = &self.any
            && self.whole.contains(&envelope.service)
        {
            any(state, tx, envelope, body).await?;
        }
        match self.handlers.get(&envelope.event_type) {
            Some(handler) => handler(state, tx, envelope, body).await,
            // Another node means us: kept for a release that knows it.
            None if self.guard.is_some() => Err(Problem::new(&common::INVALID_HEADER)
                .internal("a kind of message that this release does not know")),
            None => Ok(()),
        }
    }
}

/// The body as `T`. The error names line and column, never a value.
fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|e| {
        let text = format!(
            "event body: {:?} error at line {} column {}",
            e.classify(),
            e.line(),
            e.column()
        );
        Problem::new(&common::INVALID_BODY).internal(text)
    })
}
