//! Verifying tokens.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{self, HeaderValue};
use contracts::ids::OrganisationId;
use contracts::problems::{ProblemCode, common};
use contracts::region::RegionCode;
use contracts::roles::Role;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header, get_current_timestamp};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use super::cache::TokenCache;
use super::keys::Keys;
use super::principal::Principal;
use super::problem::Problem;
use crate::config::AuthConfig;

/// Longest token and subject that are looked at.
const TOKEN_LIMIT: usize = 8192;
const SUBJECT_LIMIT: usize = 255;

/// Why the issuer's keys are not at hand.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Neither a file nor an address is configured.
    #[error("auth.jwks_url or auth.jwks_file is required")]
    NoSource,
    /// The file cannot be read.
    #[error("the issuer's keys cannot be read from auth.jwks_file")]
    File(#[source] std::io::Error),
    /// No client can be made.
    #[error("no HTTP client for auth.jwks_url")]
    Client(#[source] reqwest::Error),
    /// The issuer does not answer.
    #[error("the issuer's keys cannot be fetched from auth.jwks_url")]
    Fetch(#[source] reqwest::Error),
    /// What it answers is no key set.
    #[error("the issuer's keys are not a JSON Web Key Set")]
    Parse(#[source] serde_json::Error),
    /// It has no signing key for ES256, EdDSA or RS256.
    #[error("the issuer's key set has no signing key for ES256, EdDSA or RS256")]
    NoUsableKey,
}

/// The claims we read. `iss`, `aud`, `exp` and `nbf` are checked by the library.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
    #[serde(default)]
    roles: Vec<String>,
    region: String,
    organisation: Option<uuid::Uuid>,
}

/// Verifies tokens. Times in tokens are compared with the machine's clock, not with the injected one: they are promises
/// between machines, and a test that moves the business's time must not log everybody out. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    inner: Arc<Inner>,
}

struct Inner {
    keys: Keys,
    validation: Validation,
    cache: TokenCache,
    cache_time: u64,
    leeway: u64,
    refresh_interval: Duration,
}

impl Auth {
    /// A verifier by this configuration, with the issuer's keys. An issuer that does not answer now does not stop the
    /// start: the keys are read later, and until then the process is not ready.
    ///
    /// # Errors
    /// No source for keys, or no HTTP client.
    pub async fn new(config: &AuthConfig) -> Result<Self, AuthError> {
        let mut validation = Validation::default();
        validation.set_issuer(&[&config.issuer]);
        validation.set_audience(&[&config.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = config.leeway.as_secs();
        let this = Self {
            inner: Arc::new(Inner {
                keys: Keys::new(config)?,
                validation,
                cache: TokenCache::new(config.cache_size),
                cache_time: config.cache_time.as_secs(),
                leeway: config.leeway.as_secs(),
                refresh_interval: config.refresh_interval,
            }),
        };
        this.try_refresh().await;
        Ok(this)
    }

    async fn try_refresh(&self) {
        if let Err(error) = self.refresh().await {
            let problem = Problem::new(&common::UNAVAILABLE).caused_by(&error);
            tracing::warn!(
                error = problem.internal_message(),
                "the issuer's keys cannot be read; trying again later"
            );
        }
    }

    /// Reads the issuer's keys now.
    ///
    /// # Errors
    /// They cannot be read; those read before stay in use.
    pub async fn refresh(&self) -> Result<(), AuthError> {
        let changed = self.inner.keys.refresh().await?;
        if changed {
            // A key may have been withdrawn.
            self.inner.cache.clear();
        }
        Ok(())
    }

    /// Reads the keys again and again until the process stops. A failure is logged; the old keys stay in use.
    ///
    /// # Errors
    /// None; the type is that of a background task.
    pub async fn keep_fresh(self, stop: CancellationToken) -> Result<(), AuthError> {
        loop {
            if let Err(error) = self.refresh().await {
                let problem = Problem::new(&common::UNAVAILABLE).caused_by(&error);
                tracing::warn!(
                    error = problem.internal_message(),
                    "the issuer's keys cannot be read; trying again"
                );
            }
            // Without any key nobody can work: try again soon.
            let wait = if self.is_ready() {
                self.inner.refresh_interval
            } else {
                Duration::from_secs(1)
            };
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Whether any key is at hand.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !self.inner.keys.is_empty()
    }

    /// The caller behind a bearer token.
    ///
    /// # Errors
    /// `token-invalid`, `token-expired`; `unavailable` while no key could be read.
    pub async fn verify(&self, token: &str) -> Result<Arc<Principal>, Problem> {
        if token.len() > TOKEN_LIMIT {
            return Err(refused(&common::TOKEN_INVALID, "the token is too long"));
        }
        let now = get_current_timestamp();
        let key = TokenCache::key(token);
        if let Some(principal) = self.inner.cache.get(&key, now) {
            return Ok(principal);
        }
        let claims = self.check(token).await?;
        // The library forgives the leeway, so the cache does too.
        let until = claims
            .exp
            .saturating_add(self.inner.leeway)
            .min(now.saturating_add(self.inner.cache_time));
        let principal = Arc::new(principal(claims)?);
        self.inner
            .cache
            .put(key, Arc::clone(&principal), until, now);
        Ok(principal)
    }

    async fn check(&self, token: &str) -> Result<Claims, Problem> {
        let header =
            decode_header(token).map_err(|error| refused(&common::TOKEN_INVALID, error))?;
        let id = header.kid.as_deref();
        let key = match self.inner.keys.get(id) {
            Some(key) => key,
            None => self.key_after_refresh(id).await?,
        };
        if header.alg != key.algorithm {
            return Err(refused(
                &common::TOKEN_INVALID,
                "the algorithm is not the key's",
            ));
        }
        let validation = Validation {
            algorithms: vec![key.algorithm],
            ..self.inner.validation.clone()
        };
        let decoded =
            decode::<Claims>(token, &key.key, &validation).map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => refused(&common::TOKEN_EXPIRED, "exp"),
                // The text of a JSON error may repeat a claim.
                ErrorKind::Json(_) => refused(
                    &common::TOKEN_INVALID,
                    "a claim is missing or of the wrong type",
                ),
                _ => refused(&common::TOKEN_INVALID, error),
            })?;
        Ok(decoded.claims)
    }

    async fn key_after_refresh(&self, id: Option<&str>) -> Result<super::keys::IssuerKey, Problem> {
        match self.inner.keys.refresh_for_unknown().await {
            Ok(true) => self.inner.cache.clear(),
            Ok(false) => {}
            Err(error) if self.inner.keys.is_empty() => {
                return Err(Problem::new(&common::UNAVAILABLE)
                    .retry_after(1)
                    .caused_by(&error));
            }
            Err(error) => tracing::warn!(error = %error, "the issuer's keys cannot be read"),
        }
        if self.inner.keys.is_empty() {
            return Err(Problem::new(&common::UNAVAILABLE)
                .retry_after(1)
                .internal("no key of the issuer was read yet"));
        }
        self.inner
            .keys
            .get(id)
            .ok_or_else(|| refused(&common::TOKEN_INVALID, "unknown key id"))
    }
}

/// What the token says about its bearer; a role we do not know gives nothing, a region we do not know refuses.
fn principal(claims: Claims) -> Result<Principal, Problem> {
    if claims.sub.is_empty() || claims.sub.len() > SUBJECT_LIMIT {
        return Err(refused(&common::TOKEN_INVALID, "sub is empty or too long"));
    }
    let region = RegionCode::from_str(&claims.region).map_err(|_unknown| {
        refused(
            &common::TOKEN_INVALID,
            "the claim region is not a region code",
        )
    })?;
    let roles: BTreeSet<Role> = claims
        .roles
        .iter()
        .filter_map(|role| role.parse().ok())
        .collect();
    Ok(Principal {
        subject: claims.sub,
        roles,
        region,
        organisation: claims.organisation.map(OrganisationId::from),
    })
}

/// A 401 as RFC 6750 wants it. The reason stays inside.
pub(super) fn refused(code: &'static ProblemCode, reason: impl std::fmt::Display) -> Problem {
    let challenge = if std::ptr::eq(code, &raw const common::TOKEN_MISSING) {
        HeaderValue::from_static("Bearer realm=\"fengqiao\"")
    } else {
        HeaderValue::from_static("Bearer realm=\"fengqiao\", error=\"invalid_token\"")
    };
    Problem::new(code)
        .header(header::WWW_AUTHENTICATE, challenge)
        .internal(reason)
}
