//! Questions between services: NATS request-reply with a time-out, answered by whichever process is free.

use std::{collections::BTreeMap, rc::Rc, sync::Arc, time::Instant};

use async_nats::{HeaderMap, client::RequestErrorKind};
use contracts::{Service, problems, problems::common, questions::Question};
use futures_util::{StreamExt as _, future::LocalBoxFuture};
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;

use super::{Bus, BusError};
use crate::{
    http::Problem,
    lifecycle::Lifecycle,
    telemetry::{metrics, set_parent, traceparent},
};

/// Header that names the asking service.
const ASKER: &str = "fq-asker";
/// Questions answered at the same time by one process.
const AT_ONCE: usize = 64;

/// What comes back.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    /// The answer.
    Answer(serde_json::Value),
    /// The code of a problem.
    Problem(String),
}

impl Bus {
    /// Asks another service.
    ///
    /// # Errors
    /// `question-timed-out` when nobody answers in time; otherwise the problem the other service gives.
    pub async fn ask<Q: Question>(&self, question: &Q) -> Result<Q::Answer, Problem> {
        let started = Instant::now();
        let result = self.ask_inner(question).await;
        let outcome = match &result {
            Ok(_) => "answered",
            Err(problem) if problem.code() == &common::QUESTION_TIMED_OUT => "timed_out",
            Err(_) => "refused",
        };
        metrics().question(
            self.service.as_str(),
            &Q::subject(),
            outcome,
            started.elapsed(),
        );
        result
    }

    async fn ask_inner<Q: Question>(&self, question: &Q) -> Result<Q::Answer, Problem> {
        let internal = |e: String| Problem::new(&common::INTERNAL).internal(e);
        let body = serde_json::to_vec(question).map_err(|e| internal(e.to_string()))?;
        let mut headers = HeaderMap::new();
        headers.insert(ASKER, self.service.as_str());
        if let Some(trace) = traceparent() {
            headers.insert(contracts::events::header::TRACEPARENT, trace.as_str());
        }
        let request = async_nats::Request::new()
            .headers(headers)
            .payload(body.into());
        let message = self
            .client
            .send_request(Q::subject(), request)
            .await
            .map_err(|e| match e.kind() {
                RequestErrorKind::TimedOut | RequestErrorKind::NoResponders => {
                    Problem::new(&common::QUESTION_TIMED_OUT)
                        .internal(format!("{}: {e}", Q::subject()))
                }
                _ => Problem::new(&common::UNAVAILABLE).internal(format!("{}: {e}", Q::subject())),
            })?;
        match serde_json::from_slice(&message.payload).map_err(|e| internal(e.to_string()))? {
            Reply::Answer(answer) => {
                serde_json::from_value(answer).map_err(|e| internal(e.to_string()))
            }
            Reply::Problem(code) => {
                let code = problems::all()
                    .find(|p| p.code == code)
                    .unwrap_or(&common::INTERNAL);
                Err(Problem::new(code).internal(format!("answered by {}", Q::SERVICE)))
            }
        }
    }
}

type Handler<S> = Box<
    dyn for<'a> Fn(&'a S, &'a [u8]) -> LocalBoxFuture<'a, Result<serde_json::Value, Problem>>
        + Send
        + Sync,
>;

/// The questions a service answers.
pub struct Answers<S> {
    handlers: BTreeMap<String, (&'static [Service], Handler<S>)>,
}

impl<S: 'static> Default for Answers<S> {
    fn default() -> Self {
        Self {
            handlers: BTreeMap::new(),
        }
    }
}

impl<S: 'static> Answers<S> {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers `Q`.
    #[must_use]
    pub fn on<Q: Question>(
        mut self,
        handler: impl AsyncFn(&S, Q) -> Result<Q::Answer, Problem> + Copy + Send + Sync + 'static,
    ) -> Self {
        let handler: Handler<S> = Box::new(move |state, body| {
            Box::pin(async move {
                let question = serde_json::from_slice(body).map_err(|e| {
                    Problem::new(&common::INVALID_BODY).internal(format!(
                        "line {} column {}",
                        e.line(),
                        e.column()
                    ))
                })?;
                let answer = handler(state, question).await?;
                serde_json::to_value(answer)
                    .map_err(|e| Problem::new(&common::INTERNAL).internal(e))
            })
        });
        self.handlers.insert(Q::subject(), (Q::ASKERS, handler));
        self
    }
}

/// Answers questions until the soft stop.
///
/// # Errors
/// When the subscription cannot be made, or ends by itself.
pub(crate) async fn answer<S: 'static>(
    state: Arc<S>,
    answers: Answers<S>,
    bus: Bus,
    lifecycle: Lifecycle,
) -> Result<(), BusError> {
    let stop = lifecycle.soft().clone();
    if answers.handlers.is_empty() {
        stop.cancelled().await;
        return Ok(());
    }
    let error = |e: String| BusError::Connect(e);
    let subject = format!("svc.{}.>", bus.service);
    let questions = bus
        .client
        .queue_subscribe(subject, bus.service.to_string())
        .await
        .map_err(|e| error(e.to_string()))?;
    let answers = Rc::new(answers);
    questions
        .take_until(stop.clone().cancelled_owned())
        .for_each_concurrent(AT_ONCE, |message| {
            let (state, answers, client) = (Arc::clone(&state), Rc::clone(&answers), bus.client.clone());
            async move {
                let Some(inbox) = message.reply.clone() else { return };
                let span = tracing::info_span!("answer", question = %message.subject, otel.kind = "server");
                if let Some(trace) = message.headers.as_ref().and_then(|h| h.get(contracts::events::header::TRACEPARENT)) {
                    set_parent(&span, trace.as_str());
                }
                let reply = match answers.answer(&state, &message).instrument(span).await {
                    Ok(answer) => Reply::Answer(answer),
                    Err(problem) => {
                        if problem.code().status >= 500 {
                            tracing::warn!(question = %message.subject, problem = problem.code().code,
                                detail = problem.internal_message().unwrap_or_default(), "question not answered");
                        }
                        Reply::Problem(problem.code().code.to_owned())
                    }
                };
                send(&client, inbox, &reply).await;
            }
        })
        .await;
    if stop.is_cancelled() {
        Ok(())
    } else {
        // Nobody would answer any more, in a process that looks alive.
        Err(error("the subscription to questions ended".to_owned()))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "an answer is no event: it goes back to the one who asked"
)]
async fn send(client: &async_nats::Client, inbox: async_nats::Subject, reply: &Reply) {
    let sent = match serde_json::to_vec(reply) {
        Ok(body) => client
            .publish(inbox, body.into())
            .await
            .map_err(|e| e.to_string()),
        Err(e) => Err(e.to_string()),
    };
    if let Err(error) = sent {
        tracing::warn!(%error, "answer not sent");
    }
}

impl<S: 'static> Answers<S> {
    async fn answer(
        &self,
        state: &S,
        message: &async_nats::Message,
    ) -> Result<serde_json::Value, Problem> {
        let (askers, handler) = self
            .handlers
            .get(message.subject.as_str())
            .ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
        let asker = message
            .headers
            .as_ref()
            .and_then(|h| h.get(ASKER))
            .and_then(|a| a.as_str().parse::<Service>().ok());
        if !asker.is_some_and(|asker| askers.contains(&asker)) {
            return Err(Problem::new(&common::FORBIDDEN));
        }
        handler(state, &message.payload).await
    }
}
