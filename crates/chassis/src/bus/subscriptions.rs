//! Which events a service applies, and how.

use std::collections::BTreeMap;

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
    handlers: BTreeMap<String, Handler<S>>,
    any: Option<Handler<S>>,
}

impl<S: 'static> Default for Subscriptions<S> {
    fn default() -> Self {
        Self {
            handlers: BTreeMap::new(),
            any: None,
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
        self.handlers.insert(
            E::subject(service),
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
        self.handlers.insert(
            E::subject(service),
            Box::new(move |state, tx, envelope, body| {
                let noted = parse::<E>(body).and_then(|event| handler(state, tx, envelope, event));
                Box::pin(ready(noted))
            }),
        );
        self
    }

    /// Notes every event, of any kind and service (a ledger). Runs before the handler of the kind.
    #[must_use]
    pub fn note_any(
        mut self,
        handler: impl Fn(&S, &mut Tx, &Envelope, serde_json::Value) -> Result<(), Problem>
        + Copy
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.any = Some(Box::new(move |state, tx, envelope, body| {
            let noted = parse(body).and_then(|event| handler(state, tx, envelope, event));
            Box::pin(ready(noted))
        }));
        self
    }

    /// The subjects to subscribe to.
    #[must_use]
    pub fn subjects(&self) -> Vec<String> {
        if self.any.is_some() {
            vec!["evt.>".to_owned()]
        } else {
            self.handlers.keys().cloned().collect()
        }
    }

    /// Whether every event comes here, so that a missing sequence is a gap.
    pub(super) fn all(&self) -> bool {
        self.any.is_some()
    }

    /// Applies one event.
    pub(super) async fn apply(
        &self,
        state: &S,
        tx: &mut Tx,
        nats_subject: &str,
        envelope: &Envelope,
        body: &[u8],
    ) -> Result<(), Problem> {
        if let Some(any) = &self.any {
            any(state, tx, envelope, body).await?;
        }
        match self.handlers.get(nats_subject) {
            Some(handler) => handler(state, tx, envelope, body).await,
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
