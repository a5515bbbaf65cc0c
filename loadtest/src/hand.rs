//! A free hand that carries out one visit: measured requests, one after another.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use goose::goose::GooseUser;
use reqwest::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    cases::Case,
    kinds::{ENTRY, Kind},
    tally::Lag,
    world::World,
};

/// How long somebody waits for a fact of another service.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often one who watches an event on its way looks.
const LOOK: Duration = Duration::from_millis(25);
/// Problems that go away when another service's fact has arrived.
const NOT_YET: [&str; 4] = [
    "not-found",
    "unknown-order",
    "unknown-organisation",
    "agreement-not-effective",
];

/// Why a visit could not go on. It is counted already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// Whether the command may have had its effect all the same: no answer, or one that does not say.
    pub unsure: bool,
}

/// What came back.
enum Answer {
    Good(Value),
    NotYet(String),
    Bad {
        status: Option<u16>,
        error: String,
        unsure: bool,
    },
}

/// A visit under way.
pub struct Hand<'a> {
    /// What everybody shares.
    pub world: &'a World,
    user: &'a mut GooseUser,
    stage: usize,
    /// When the first request was due. Of those after it, each is due when the answer before it has come: nobody can act on
    /// what he does not know yet.
    due: Option<Instant>,
}

impl<'a> Hand<'a> {
    /// For a visit of a stage that was due at `due`.
    pub fn new(world: &'a World, user: &'a mut GooseUser, stage: usize, due: Instant) -> Self {
        Self {
            world,
            user,
            stage,
            due: Some(due),
        }
    }

    /// When the visit was due, as long as nothing was sent.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// GET.
    ///
    /// # Errors
    /// Not answered with success.
    pub async fn get(&mut self, kind: Kind, path: &str, token: &str) -> Result<Value, Failed> {
        let request = |world: &World| world.http.get(world.url(path)).bearer_auth(token);
        let due = self.due.take().unwrap_or_else(Instant::now);
        let answer = self.send(request).await;
        self.record(kind, due.elapsed(), answer).await
    }

    /// POST under an idempotency key of its own. While a fact of another service is on its way the command comes again; what
    /// is recorded is the last try, and how long the fact took.
    ///
    /// # Errors
    /// Not answered with success.
    pub async fn post(
        &mut self,
        kind: Kind,
        path: &str,
        token: &str,
        body: &Value,
    ) -> Result<Value, Failed> {
        let key = idempotency_key();
        let request = |world: &World| {
            world
                .http
                .post(world.url(path))
                .bearer_auth(token)
                .header("Idempotency-Key", &key)
                .json(body)
        };
        let (began, mut pause) = (Instant::now(), LOOK);
        loop {
            let due = self.due.take().unwrap_or_else(Instant::now);
            let answer = self.send(request).await;
            match answer {
                Answer::NotYet(_) if began.elapsed() < PATIENCE => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LOOK * 16);
                }
                answer => {
                    if pause > LOOK {
                        let ok = matches!(answer, Answer::Good(_));
                        self.world.tally.lag(Lag::NextService, began.elapsed(), ok);
                    }
                    return self.record(kind, due.elapsed(), answer).await;
                }
            }
        }
    }

    /// GET until the object is there and `ready`; the last look is recorded, and how long the fact took to come.
    ///
    /// # Errors
    /// It does not come.
    pub async fn get_when(
        &mut self,
        kind: Kind,
        path: &str,
        token: &str,
        ready: impl Fn(&Value) -> bool,
    ) -> Result<Value, Failed> {
        let request = |world: &World| world.http.get(world.url(path)).bearer_auth(token);
        let (began, mut pause) = (Instant::now(), LOOK);
        loop {
            let due = self.due.take().unwrap_or_else(Instant::now);
            let answer = match self.send(request).await {
                Answer::Good(body) if !ready(&body) => Answer::NotYet("it stays as it was".into()),
                answer => answer,
            };
            if matches!(answer, Answer::NotYet(_)) && began.elapsed() < PATIENCE {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LOOK * 16);
                continue;
            }
            let ok = matches!(answer, Answer::Good(_));
            self.world.tally.lag(Lag::NextService, began.elapsed(), ok);
            return self.record(kind, due.elapsed(), answer).await;
        }
    }

    /// Looks at the case's row in reporting until `ready`, and records how long that took since the command was `sent`. A few
    /// do that at a time, so that looking does not become the load; the others look once.
    ///
    /// # Errors
    /// The row does not come as it should.
    pub async fn watch(
        &mut self,
        case: &Case,
        token: &str,
        sent: Instant,
        ready: impl Fn(&Value) -> bool,
    ) -> Result<(), Failed> {
        let Ok(_permit) = self.world.watchers.try_acquire() else {
            return Ok(());
        };
        let path = format!("/reporting/v1/ledger/{}", case.id);
        let request = |world: &World| world.http.get(world.url(&path)).bearer_auth(token);
        loop {
            let looked = Instant::now();
            let answer = match self.send(request).await {
                Answer::Good(body) if !ready(&body) => Answer::NotYet("it stays as it was".into()),
                answer => answer,
            };
            let late = sent.elapsed() > PATIENCE;
            match answer {
                Answer::NotYet(_) if !late => tokio::time::sleep(LOOK).await,
                answer => {
                    let ok = matches!(answer, Answer::Good(_));
                    self.world.tally.lag(Lag::Reporting, sent.elapsed(), ok);
                    return self.record(ENTRY, looked.elapsed(), answer).await.map(drop);
                }
            }
        }
    }

    async fn send(&self, request: impl Fn(&World) -> reqwest::RequestBuilder) -> Answer {
        let response = match request(self.world).send().await {
            Ok(response) => response,
            Err(error) => return no_answer(&error),
        };
        let status = response.status();
        let body: Value = match response.bytes().await {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
            Err(error) => return no_answer(&error),
        };
        if status.is_success() {
            return Answer::Good(body);
        }
        let code = body.get("code").and_then(Value::as_str).unwrap_or("");
        let error = format!("{} {code}", status.as_u16());
        match NOT_YET.contains(&code) {
            true => Answer::NotYet(error),
            false => Answer::Bad {
                status: Some(status.as_u16()),
                error,
                unsure: status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT,
            },
        }
    }

    /// Counts a request, for the summary and for the charts of goose: the same figure for both.
    async fn record(
        &mut self,
        kind: Kind,
        time: Duration,
        answer: Answer,
    ) -> Result<Value, Failed> {
        let (outcome, status, error) = match answer {
            Answer::Good(body) => (Ok(body), None, None),
            Answer::NotYet(error) => (
                Err(Failed { unsure: false }),
                Some(404),
                Some(format!("{error}, also after {} s", PATIENCE.as_secs())),
            ),
            Answer::Bad {
                status,
                error,
                unsure,
            } => (Err(Failed { unsure }), status, Some(error)),
        };
        let error = error.as_deref();
        self.world.tally.request(self.stage, kind, time, error);
        let told = self.user.record_custom_request_duration(
            kind.method,
            kind.name,
            time,
            outcome.is_ok(),
            status.or(Some(200)),
            error,
        );
        // It fails only once the run is over.
        _ = told.await;
        outcome
    }
}

/// No answer, told in few different words: the address and the port differ each time.
fn no_answer(error: &reqwest::Error) -> Answer {
    let error = match () {
        () if error.is_timeout() => "no answer in time",
        () if error.is_connect() => "no connection",
        () => "the connection broke",
    };
    Answer::Bad {
        status: None,
        error: error.to_owned(),
        unsure: true,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the key of a client, not an id of the node's"
)]
fn idempotency_key() -> String {
    Uuid::now_v7().to_string()
}

/// Now.
#[expect(
    clippy::disallowed_methods,
    reason = "the clock of a client: when a session was held, which day it is"
)]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
