//! The API as the check calls it: each call is a line with its time.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use contracts::Service;
use reqwest::{Certificate, RequestBuilder, StatusCode};
use serde_json::Value;

use crate::cli::Smoke;

/// How long between two tries.
const AGAIN: Duration = Duration::from_millis(100);

/// A client with a token and a time limit.
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
    started: Instant,
    within: Duration,
}

impl Client {
    /// Reads the token.
    pub fn new(wanted: &Smoke) -> Result<Self> {
        let file = &wanted.token_file;
        let token = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let mut http = reqwest::Client::builder().timeout(wanted.within);
        if let Some(ca) = &wanted.ca {
            let pem = std::fs::read(ca).with_context(|| ca.display().to_string())?;
            for certificate in Certificate::from_pem_bundle(&pem)? {
                http = http.add_root_certificate(certificate);
            }
        }
        Ok(Self {
            http: http.build()?,
            url: wanted.url.trim_end_matches('/').to_owned(),
            token: token.trim().to_owned(),
            started: Instant::now(),
            within: wanted.within,
        })
    }

    /// A command. It is tried again, under the same key, while the node is not there.
    #[expect(
        clippy::disallowed_methods,
        reason = "the key of a client, not an id of ours"
    )]
    pub async fn post(
        &self,
        step: &str,
        service: Service,
        path: &str,
        body: &Value,
    ) -> Result<Value> {
        let key = uuid::Uuid::now_v7().to_string();
        let request = || {
            self.http
                .post(self.address(service, path))
                .header("Idempotency-Key", &key)
                .json(body)
        };
        self.until(step, request, |_| true, &[]).await
    }

    /// A question, asked until the answer is as wanted. What is not found yet is asked again.
    pub async fn get_when(
        &self,
        step: &str,
        service: Service,
        path: &str,
        ready: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let request = || self.http.get(self.address(service, path));
        self.until(step, request, ready, &[StatusCode::NOT_FOUND])
            .await
    }

    fn address(&self, service: Service, path: &str) -> String {
        format!("{}{path}", self.url.replace("{service}", service.as_str()))
    }

    #[expect(clippy::print_stdout, reason = "the command's output")]
    async fn until(
        &self,
        step: &str,
        request: impl Fn() -> RequestBuilder,
        ready: impl Fn(&Value) -> bool,
        not_yet: &[StatusCode],
    ) -> Result<Value> {
        let began = Instant::now();
        loop {
            let why = match self.once(&request).await {
                Ok((status, body)) if status.is_success() && ready(&body) => {
                    println!("ok      {step:20} {:>6} ms", began.elapsed().as_millis());
                    return Ok(body);
                }
                Ok((status, _)) if status.is_success() => "not there yet".to_owned(),
                Ok((status, body)) => {
                    // The code only: a detail may repeat what was sent.
                    let why = format!("{status} {}", text(&body, "code"));
                    let again = status.is_server_error()
                        || status == StatusCode::TOO_MANY_REQUESTS
                        || not_yet.contains(&status);
                    if !again {
                        println!("failed  {step:20} {:>6} ms", began.elapsed().as_millis());
                        bail!("{step}: {why}");
                    }
                    why
                }
                Err(error) => format!("{:#}", anyhow::Error::from(error.without_url())),
            };
            if self.started.elapsed() + AGAIN > self.within {
                println!("failed  {step:20} {:>6} ms", began.elapsed().as_millis());
                bail!("{step}: not within {:?}: {why}", self.within);
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn once(
        &self,
        request: &impl Fn() -> RequestBuilder,
    ) -> reqwest::Result<(StatusCode, Value)> {
        let left = self.within.saturating_sub(self.started.elapsed());
        let request = request().bearer_auth(&self.token);
        let response = request.timeout(left.max(AGAIN)).send().await?;
        let status = response.status();
        Ok((status, response.json().await.unwrap_or(Value::Null)))
    }
}

/// A text in an answer.
pub fn text(body: &Value, field: &str) -> String {
    let found = body.get(field).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}
