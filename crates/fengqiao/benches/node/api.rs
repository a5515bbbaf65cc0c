//! Requests, and how many there were.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use chassis::time::Time;
use serde_json::Value;

use crate::node;

/// How long somebody waits for a fact of another service, and how often they look meanwhile: as in the load test.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(25);
/// Problems that go away when another service's fact has arrived.
const NOT_YET: [&str; 3] = ["not-found", "unknown-order", "unknown-organisation"];

/// A client of the node.
pub struct Api {
    http: reqwest::Client,
    base: String,
    time: Time,
    requests: AtomicU64,
    looks: AtomicU64,
}

enum Answer {
    Good(Value),
    NotYet,
}

impl Api {
    pub fn new(base: &str) -> Result<Self> {
        Ok(Self {
            http: node::client(PATIENCE)?,
            base: base.to_owned(),
            time: Time::system(),
            requests: AtomicU64::new(0),
            looks: AtomicU64::new(0),
        })
    }

    /// Requests so far, and of these, the ones that came before another service's fact.
    pub fn counts(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.requests), count(&self.looks))
    }

    /// Now.
    pub fn time(&self) -> &Time {
        &self.time
    }

    /// GET.
    pub async fn get(&self, path: &str, token: &str) -> Result<Value> {
        self.get_when(path, token, |_| true).await
    }

    /// GET until the object is there and `ready`.
    pub async fn get_when(
        &self,
        path: &str,
        token: &str,
        ready: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let request = || self.http.get(format!("{}{path}", self.base));
        self.persist(path, request, token, ready).await
    }

    /// POST under an idempotency key of its own; again while another service's fact is on its way.
    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Result<Value> {
        let key = self.time.uuid().to_string();
        let request = || {
            let request = self.http.post(format!("{}{path}", self.base));
            request.header("Idempotency-Key", &key).json(body)
        };
        self.persist(path, request, token, |_| true).await
    }

    async fn persist(
        &self,
        path: &str,
        request: impl Fn() -> reqwest::RequestBuilder,
        token: &str,
        ready: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let (began, mut pause) = (Instant::now(), LOOK);
        loop {
            match self.send(path, request().bearer_auth(token)).await? {
                Answer::Good(body) if ready(&body) => return Ok(body),
                _ => {}
            }
            if began.elapsed() > PATIENCE {
                bail!("{path}: it does not come");
            }
            self.looks.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LOOK * 16);
        }
    }

    async fn send(&self, path: &str, request: reqwest::RequestBuilder) -> Result<Answer> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let response = request.send().await.with_context(|| path.to_owned())?;
        let status = response.status();
        let bytes = response.bytes().await.with_context(|| path.to_owned())?;
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok(Answer::Good(body));
        }
        let code = body.get("code").and_then(Value::as_str).unwrap_or("");
        match NOT_YET.contains(&code) {
            true => Ok(Answer::NotYet),
            false => bail!("{path}: {status} {body}"),
        }
    }
}
