//! The public API, as a department's program would call it: every POST with an idempotency key, so that it can be repeated.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Result, bail, ensure};
use reqwest::StatusCode;
use serde_json::Value;
use uuid::Uuid;

/// How long an object may take to be there. A source of nats-server that asked before its link was up asks again after some
/// 40 s, and between the province and a county there are two.
const PATIENCE: Duration = Duration::from_secs(150);
/// How long between two tries.
const AGAIN: Duration = Duration::from_millis(100);
/// Problems that go away when another service's fact has arrived.
const NOT_YET: [&str; 7] = [
    "not-found",
    "unknown-node",
    "unknown-order",
    "unknown-organisation",
    "agreement-not-effective",
    "case-not-ended",
    "nothing-defaulted",
];

/// A client of one node.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    base: String,
}

impl Api {
    /// A client of the node at `address`.
    pub fn new(address: SocketAddr) -> Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .build()?;
        Ok(Self {
            http,
            base: format!("http://{address}"),
        })
    }

    /// GET; waits while the object is not there yet.
    pub async fn get(&self, path: &str, token: &str) -> Result<Value> {
        self.send(path, || {
            self.http
                .get(format!("{}{path}", self.base))
                .bearer_auth(token)
        })
        .await
    }

    /// GET; waits until the object is as wanted.
    pub async fn get_when(
        &self,
        path: &str,
        token: &str,
        ready: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let started = std::time::Instant::now();
        loop {
            let body = self.get(path, token).await?;
            if ready(&body) {
                return Ok(body);
            }
            ensure!(
                started.elapsed() < PATIENCE,
                "{path}: not within {PATIENCE:?}"
            );
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// POST under a key of its own; waits while the object is not there yet.
    #[expect(
        clippy::disallowed_methods,
        reason = "the key of a client, not an id of ours"
    )]
    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Result<Value> {
        let key = Uuid::now_v7().to_string();
        self.send(path, || {
            self.http
                .post(format!("{}{path}", self.base))
                .bearer_auth(token)
                .header("Idempotency-Key", &key)
                .json(body)
        })
        .await
    }

    async fn send(
        &self,
        path: &str,
        request: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<Value> {
        let started = std::time::Instant::now();
        loop {
            let response = match request().send().await {
                Ok(response) => response,
                // The node is down; the same key makes the call safe to repeat.
                Err(error) if started.elapsed() < PATIENCE => {
                    tracing::debug!(%error, path, "calling again");
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let status = response.status();
            let body: Value = response.json().await.unwrap_or(Value::Null);
            if status.is_success() {
                return Ok(body);
            }
            let code = body.get("code").and_then(Value::as_str).unwrap_or_default();
            let wait = status == StatusCode::TOO_MANY_REQUESTS
                || status.is_server_error()
                || NOT_YET.contains(&code);
            if !wait || started.elapsed() > PATIENCE {
                bail!("{path}: {status} {body}");
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}
