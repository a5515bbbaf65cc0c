//! A command from outside.

use std::any::TypeId;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::OnceLock;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderName};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use contracts::problems::common;
use contracts::roles::Permission;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::json;
use super::permit::{Permit, gate};
use super::principal::{Principal, Scope};
use super::problem::Problem;

static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A command: a permitted caller, a strictly read body, and what makes it safe to repeat.
///
/// `Call<P, ()>` takes no body (an empty object is let pass). Refuses with the problems of [`Permit`], then with
/// `invalid-header`, `unsupported-media-type`, `body-too-large`, `malformed-json` or `invalid-body`.
#[derive(Debug, Clone)]
pub struct Call<P, B> {
    /// The caller.
    pub principal: Principal,
    /// The body.
    pub body: B,
    /// The version the caller saw (`If-Match`).
    if_match: Option<i64>,
    /// That version was compared with a stored one.
    compared: OnceLock<()>,
    /// The caller's name for this attempt (`Idempotency-Key`): 1 to 128 visible ASCII characters.
    pub idempotency_key: Option<String>,
    /// SHA-256 over method, path, query, `If-Match` and body: two requests are the same when this is.
    pub fingerprint: [u8; 32],
    scope: Scope,
    permission: PhantomData<P>,
}

impl<P, B> Call<P, B> {
    /// What of the stored objects the caller may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope.clone()
    }

    /// Refuses when the caller saw another version than the stored one.
    ///
    /// # Errors
    /// `stale-version` (412).
    pub fn check_version(&self, stored: i64) -> Result<(), Problem> {
        _ = self.compared.set(());
        match self.if_match {
            Some(seen) if seen != stored => Err(Problem::new(&common::STALE_VERSION)),
            _ => Ok(()),
        }
    }

    /// Refuses a version that the command compared with nothing: the caller would believe it was.
    pub(crate) fn expects_no_more(&self) -> Result<(), Problem> {
        if self.if_match.is_none() || self.compared.get().is_some() {
            return Ok(());
        }
        Err(invalid_header(
            "此操作不针对已有版本的对象,不接受 If-Match",
            "This command acts on nothing that has a version: it takes no If-Match",
        ))
    }
}

impl<P> Call<P, ()> {
    /// The call of an upload, whose handler receives the body by itself and says then what came ([`Call::with_content`]).
    ///
    /// # Errors
    /// `invalid-header`.
    pub fn of_upload(permit: Permit<P>, request: &HttpRequest) -> Result<Self, Problem> {
        let if_match = if_match(request)?;
        Ok(Self {
            body: (),
            if_match,
            compared: OnceLock::new(),
            idempotency_key: idempotency_key(request)?,
            fingerprint: fingerprint(request, if_match, b""),
            scope: permit.scope(),
            principal: permit.principal,
            permission: PhantomData,
        })
    }

    /// Tells this upload from one of other content under the same key; `content` is all of it, or its digest with what else is said of it.
    #[must_use]
    pub fn with_content(mut self, content: &[u8]) -> Self {
        let mut digest = Sha256::new();
        digest.update(self.fingerprint);
        digest.update(content);
        self.fingerprint = digest.finalize().into();
        self
    }
}

impl<P: Permission + 'static, B: DeserializeOwned + 'static> Call<P, B> {
    async fn of(request: HttpRequest, payload: Payload) -> Result<Self, Problem> {
        let permit = Permit::<P>::of(request.clone()).await?;
        let if_match = if_match(&request)?;
        let idempotency_key = idempotency_key(&request)?;
        let bytes = json::read(&request, payload, gate(&request)?).await?;
        let body = body(&bytes)?;
        let fingerprint = fingerprint(&request, if_match, &bytes);
        let scope = permit.scope();
        let principal = permit.principal;
        Ok(Self {
            principal,
            body,
            if_match,
            compared: OnceLock::new(),
            idempotency_key,
            fingerprint,
            scope,
            permission: PhantomData,
        })
    }
}

impl<P: Permission + 'static, B: DeserializeOwned + 'static> FromRequest for Call<P, B> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        Box::pin(Self::of(request.clone(), payload.take()))
    }
}

fn body<B: DeserializeOwned + 'static>(bytes: &Bytes) -> Result<B, Problem> {
    let no_body = TypeId::of::<B>() == TypeId::of::<()>();
    let empty_object = || {
        bytes
            .iter()
            .filter(|byte| !byte.is_ascii_whitespace())
            .eq(b"{}")
    };
    if no_body && (bytes.is_empty() || empty_object()) {
        json::parse(b"null")
    } else {
        json::parse(bytes)
    }
}

/// The version in `If-Match: "<version>"`. `*` asks only that the object exists, which every command does anyway.
fn if_match(request: &HttpRequest) -> Result<Option<i64>, Problem> {
    let Some(value) = single(request, &header::IF_MATCH)? else {
        return Ok(None);
    };
    if value == "*" {
        return Ok(None);
    }
    let version = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let version = version.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    match version.and_then(|digits| digits.parse().ok()) {
        Some(version) => Ok(Some(version)),
        None => Err(invalid_header(
            "If-Match 应为 \"版本号\"",
            "If-Match must be \"<version>\"",
        )),
    }
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = single(request, &IDEMPOTENCY_KEY)? else {
        return Ok(None);
    };
    if (1..=128).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Some(value.to_owned()));
    }
    Err(invalid_header(
        "Idempotency-Key 应为 1 至 128 个可见 ASCII 字符",
        "Idempotency-Key must be 1 to 128 visible ASCII characters",
    ))
}

fn single<'a>(request: &'a HttpRequest, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = request.headers().get_all(name);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    match (value.to_str(), values.next()) {
        (Ok(text), None) => Ok(Some(text)),
        _ => Err(invalid_header(
            &format!("{name} 无法读取或重复"),
            &format!("{name} is unreadable or repeated"),
        )),
    }
}

fn invalid_header(zh: &str, en: &str) -> Problem {
    Problem::new(&common::INVALID_HEADER).detail(zh, en)
}

fn fingerprint(request: &HttpRequest, if_match: Option<i64>, body: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    let version = if_match
        .map(|version| version.to_string())
        .unwrap_or_default();
    // None of the first four can contain a line feed.
    for part in [
        request.method().as_str(),
        request.path(),
        request.query_string(),
        &version,
    ] {
        digest.update(part.as_bytes());
        digest.update(b"\n");
    }
    digest.update(body);
    digest.finalize().into()
}
