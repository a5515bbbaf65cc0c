//! The issuer's public keys.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::Mutex;

use super::auth::AuthError;
use crate::config::AuthConfig;

/// A key and the only algorithm it may be used with.
#[derive(Clone)]
pub(super) struct IssuerKey {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// One reading of the issuer's keys.
#[derive(Default)]
struct KeySet {
    text: String,
    by_id: HashMap<String, IssuerKey>,
}

enum Source {
    File(PathBuf),
    Url {
        client: reqwest::Client,
        url: String,
    },
}

/// The keys as last read, and how to read them again.
pub(super) struct Keys {
    source: Source,
    current: RwLock<Arc<KeySet>>,
    /// When the keys were last asked for; the lock makes callers that miss a key ask once together.
    last_read: Mutex<Option<Instant>>,
    refetch_interval: Duration,
}

impl Keys {
    pub(super) fn new(config: &AuthConfig) -> Result<Self, AuthError> {
        let source = match (&config.jwks_file, &config.jwks_url) {
            (Some(file), _) => Source::File(file.clone()),
            (None, Some(url)) => {
                // The pool would tie a connection to the worker that opened it.
                let client = reqwest::Client::builder()
                    .timeout(config.fetch_timeout)
                    .pool_max_idle_per_host(0);
                Source::Url {
                    client: client.build().map_err(AuthError::Client)?,
                    url: url.clone(),
                }
            }
            (None, None) => return Err(AuthError::NoSource),
        };
        Ok(Self {
            source,
            current: RwLock::default(),
            last_read: Mutex::new(None),
            refetch_interval: config.refetch_interval,
        })
    }

    /// The key with this id. A token without an id may only mean the only key there is.
    pub(super) fn get(&self, id: Option<&str>) -> Option<IssuerKey> {
        let keys = self.current();
        match id {
            Some(id) => keys.by_id.get(id).cloned(),
            None if keys.by_id.len() == 1 => keys.by_id.values().next().cloned(),
            None => None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.current().by_id.is_empty()
    }

    /// Reads the keys now. True when they are others than before.
    pub(super) async fn refresh(&self) -> Result<bool, AuthError> {
        let mut last_read = self.last_read.lock().await;
        *last_read = Some(Instant::now());
        self.read().await
    }

    /// Reads the keys because one is missing, but not more often than the configured interval allows: a flood of tokens
    /// with invented key ids must not become a flood of requests to the issuer.
    pub(super) async fn refresh_for_unknown(&self) -> Result<bool, AuthError> {
        let mut last_read = self.last_read.lock().await;
        if last_read.is_some_and(|at| at.elapsed() < self.refetch_interval) {
            return Ok(false);
        }
        *last_read = Some(Instant::now());
        self.read().await
    }

    async fn read(&self) -> Result<bool, AuthError> {
        let text = match &self.source {
            Source::File(path) => tokio::fs::read_to_string(path)
                .await
                .map_err(AuthError::File)?,
            Source::Url { client, url } => {
                let response = client
                    .get(url)
                    .send()
                    .await
                    .and_then(reqwest::Response::error_for_status);
                response
                    .map_err(AuthError::Fetch)?
                    .text()
                    .await
                    .map_err(AuthError::Fetch)?
            }
        };
        if text == self.current().text {
            return Ok(false);
        }
        let set: JwkSet = serde_json::from_str(&text).map_err(AuthError::Parse)?;
        let by_id: HashMap<String, IssuerKey> = set.keys.iter().filter_map(usable).collect();
        if by_id.is_empty() {
            return Err(AuthError::NoUsableKey);
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) =
            Arc::new(KeySet { text, by_id });
        Ok(true)
    }

    fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A signing key of a kind we allow, with the algorithm its kind implies: the token does not get to choose.
fn usable(jwk: &Jwk) -> Option<(String, IssuerKey)> {
    if !matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    ) {
        return None;
    }
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            Algorithm::ES256
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            Algorithm::EdDSA
        }
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        _ => return None,
    };
    if jwk
        .common
        .key_algorithm
        .is_some_and(|declared| declared != algorithm.into())
    {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some((
        jwk.common.key_id.clone().unwrap_or_default(),
        IssuerKey { algorithm, key },
    ))
}
