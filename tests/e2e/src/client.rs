//! A client of a node: knows which process serves which path, and repeats a command until it is answered.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use chassis::time::Time;
use contracts::Service;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use testkit::http::TestResponse;

/// How long one answer may take.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long a caller tries to get an answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a caller waits before it tries again.
const AGAIN: Duration = Duration::from_millis(50);
/// Problems that go away when another service's fact has arrived.
const NOT_YET: [&str; 6] = [
    "not-found",
    "unknown-order",
    "unknown-organisation",
    "agreement-not-effective",
    "case-not-ended",
    "unknown-party",
];

/// A client of all services of one node. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    addresses: Arc<BTreeMap<&'static str, SocketAddr>>,
    unanswered: Arc<AtomicU64>,
}

impl Api {
    /// A client that finds every service at its address.
    pub(crate) fn new(addresses: BTreeMap<Service, SocketAddr>) -> Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .tls_certs_only([])
            .build()?;
        let addresses = addresses
            .into_iter()
            .map(|(service, address)| (service.as_str(), address))
            .collect();
        Ok(Self {
            http,
            addresses: Arc::new(addresses),
            unanswered: Arc::default(),
        })
    }

    /// A client of a node that serves everything at one address.
    ///
    /// # Errors
    /// The client cannot be made.
    pub fn of_one(address: SocketAddr) -> Result<Self> {
        Self::new(
            Service::ALL
                .iter()
                .map(|service| (*service, address))
                .collect(),
        )
    }

    /// The same client, all of whose requests belong to one trace (W3C Trace Context).
    ///
    /// # Errors
    /// The text is no header.
    pub fn in_trace(&self, traceparent: &str) -> Result<Self> {
        let header = ("traceparent".parse()?, traceparent.parse()?);
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .default_headers([header].into_iter().collect())
            .build()?;
        Ok(Self {
            http,
            ..self.clone()
        })
    }

    /// The processes of the node.
    #[must_use]
    pub fn processes(&self) -> Vec<SocketAddr> {
        let mut all: Vec<SocketAddr> = self.addresses.values().copied().collect();
        all.sort();
        all.dedup();
        all
    }

    /// How many calls got no answer, or a 5xx, and were made again.
    #[must_use]
    pub fn unanswered(&self) -> u64 {
        self.unanswered.load(Ordering::Relaxed)
    }

    /// A request to the process that serves the path.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let service = path.split('/').nth(1).unwrap_or_default();
        let address = self
            .addresses
            .get(service)
            .or_else(|| self.addresses.values().next());
        let base = address
            .map(|address| format!("http://{address}"))
            .unwrap_or_default();
        self.http.request(method, format!("{base}{path}"))
    }

    /// A request to one process.
    pub fn get_from(&self, process: SocketAddr, path: &str) -> RequestBuilder {
        self.http.get(format!("http://{process}{path}"))
    }

    /// Sends a request as it is, once.
    ///
    /// # Errors
    /// No answer.
    pub async fn send(&self, request: RequestBuilder) -> Result<TestResponse> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        Ok(TestResponse {
            status,
            headers,
            body,
        })
    }

    /// GET, once.
    ///
    /// # Errors
    /// No answer.
    pub async fn get(&self, path: &str, token: &str) -> Result<TestResponse> {
        self.send(self.request(Method::GET, path).bearer_auth(token))
            .await
    }

    /// POST, once.
    ///
    /// # Errors
    /// No answer.
    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Result<TestResponse> {
        self.send(
            self.request(Method::POST, path)
                .bearer_auth(token)
                .json(body),
        )
        .await
    }

    /// Reads until the object is there; gives it.
    ///
    /// # Errors
    /// It does not come, or another refusal.
    pub async fn read(&self, path: &str, token: &str) -> Result<Value> {
        self.persist(path, || self.request(Method::GET, path).bearer_auth(token))
            .await
    }

    /// Gives a command under an idempotency key of its own and repeats it until it is answered; gives the answer.
    ///
    /// # Errors
    /// No answer in time, or a refusal that waiting does not change.
    pub async fn command(&self, path: &str, token: &str, body: &Value) -> Result<Value> {
        let key = Time::system().uuid().to_string();
        let request = || {
            self.request(Method::POST, path)
                .bearer_auth(token)
                .header("Idempotency-Key", &key)
                .json(body)
        };
        self.persist(path, request).await
    }

    async fn persist(&self, path: &str, request: impl Fn() -> RequestBuilder) -> Result<Value> {
        let started = Instant::now();
        loop {
            let outcome = self.send(request()).await;
            if let Ok(response) = &outcome
                && (200..300).contains(&response.status)
            {
                return Ok(response.body.clone());
            }
            let told = match &outcome {
                Ok(response) => format!("{} {}", response.status, response.body),
                Err(error) => format!("{error:#}"),
            };
            let lost = outcome
                .as_ref()
                .map_or(true, |response| response.status >= 500);
            let code = outcome
                .ok()
                .and_then(|response| Some(response.body.get("code")?.as_str()?.to_owned()));
            if lost {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
            } else if !code.is_some_and(|code| NOT_YET.contains(&code.as_str())) {
                bail!("{path}: {told}");
            }
            if started.elapsed() > PATIENCE {
                bail!("{path}: not within {PATIENCE:?}: {told}");
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}

/// A text field of an object.
///
/// # Errors
/// There is none.
pub fn text(object: &Value, field: &str) -> Result<String> {
    Ok(object
        .get(field)
        .and_then(Value::as_str)
        .with_context(|| format!("no {field} in {object}"))?
        .to_owned())
}

/// A list in an object.
///
/// # Errors
/// There is none.
pub fn list<'a>(object: &'a Value, field: &str) -> Result<&'a Vec<Value>> {
    object
        .get(field)
        .and_then(Value::as_array)
        .with_context(|| format!("no list {field} in {object}"))
}
