//! A small HTTP client for tests.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Result, ensure};
use serde_json::Value;

/// Talks to one server.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct TestResponse {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The JSON body; null when there is none, the text when it is no JSON.
    pub body: Value,
}

impl TestResponse {
    /// The body, when the status is the expected one.
    ///
    /// # Errors
    /// Another status; the text says which and shows the body.
    pub fn expect(self, status: u16) -> Result<Value> {
        ensure!(
            self.status == status,
            "status {} instead of {status}: {}",
            self.status,
            self.body
        );
        Ok(self.body)
    }

    /// Checks that it is a problem of this status and code, and gives its body.
    ///
    /// # Errors
    /// It is something else.
    pub fn expect_problem(self, status: u16, code: &str) -> Result<Value> {
        let content = self
            .headers
            .get("content-type")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        ensure!(
            content.starts_with("application/problem+json"),
            "content type {content}: {}",
            self.body
        );
        ensure!(
            self.body.get("code").and_then(Value::as_str) == Some(code),
            "{} instead of {code}",
            self.body
        );
        self.expect(status)
    }

    /// The version in its `ETag`.
    #[must_use]
    pub fn version(&self) -> Option<i64> {
        self.headers
            .get("etag")?
            .to_str()
            .ok()?
            .trim_matches('"')
            .parse()
            .ok()
    }
}

impl Client {
    /// A client of the server at `address`.
    ///
    /// # Errors
    /// The client cannot be made.
    pub fn new(address: SocketAddr) -> Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            // Tests speak plain HTTP: reading the machine's certificates would take 30 ms a test.
            .tls_certs_only([])
            .build()?;
        Ok(Self {
            http,
            base: format!("http://{address}"),
        })
    }

    /// GET.
    ///
    /// # Errors
    /// No answer.
    pub async fn get(&self, path: &str, token: Option<&str>) -> Result<TestResponse> {
        self.send(self.http.get(format!("{}{path}", self.base)), token)
            .await
    }

    /// POST of a JSON body.
    ///
    /// # Errors
    /// No answer.
    pub async fn post(
        &self,
        path: &str,
        token: Option<&str>,
        body: Value,
        headers: &[(&str, &str)],
    ) -> Result<TestResponse> {
        let mut request = self.http.post(format!("{}{path}", self.base)).json(&body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, token).await
    }

    async fn send(
        &self,
        request: reqwest::RequestBuilder,
        token: Option<&str>,
    ) -> Result<TestResponse> {
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
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
}
