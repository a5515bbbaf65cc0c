//! An identity provider in the test's own process: signed tokens, right ones and every kind of wrong one.

use anyhow::{Context, Result, anyhow};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value, json};

/// `{"alg":"none","typ":"JWT"}` in base64url.
const UNSIGNED_HEADER: &str = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";

/// Signs tokens with a key made for this value (ES256).
pub struct TestIssuer {
    key: EncodingKey,
    public: Jwk,
    kid: String,
}

impl TestIssuer {
    /// The `iss` of its tokens.
    pub const ISSUER: &'static str = "https://login.test/realms/fengqiao";
    /// The `aud` of its tokens.
    pub const AUDIENCE: &'static str = "fengqiao";

    /// An issuer with a new key.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn new() -> Result<Self> {
        let key = new_key()?;
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256)?;
        let kid = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(kid.clone());
        Ok(Self { key, public, kid })
    }

    /// The public keys as the identity provider would publish them: `{"keys":[…]}`.
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.public] })
    }

    /// A token for subject `tester`, region 6206, no role and no organisation, good for an hour from now.
    pub fn token(&self) -> TokenBuilder<'_> {
        #[expect(
            clippy::disallowed_methods,
            reason = "a token is checked against the real clock"
        )]
        let now = Utc::now();
        let claims = Map::from_iter([
            ("iss".to_owned(), json!(Self::ISSUER)),
            ("aud".to_owned(), json!(Self::AUDIENCE)),
            ("sub".to_owned(), json!("tester")),
            ("region".to_owned(), json!("6206")),
            ("roles".to_owned(), json!([])),
        ]);
        TokenBuilder {
            issuer: self,
            claims,
            issued_at: now,
            lifetime: Duration::hours(1),
            signature: Signature::Right,
        }
    }
}

fn new_key() -> Result<EncodingKey> {
    let document =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    let document = document.map_err(|_| anyhow!("no key could be made"))?;
    Ok(EncodingKey::from_ec_der(document.as_ref()))
}

#[derive(Debug, Clone, Copy)]
enum Signature {
    Right,
    OtherKey,
    Missing,
}

/// A token being put together.
#[must_use]
pub struct TokenBuilder<'a> {
    issuer: &'a TestIssuer,
    claims: Map<String, Value>,
    issued_at: DateTime<Utc>,
    lifetime: Duration,
    signature: Signature,
}

impl TokenBuilder<'_> {
    /// Role codes, `window_clerk`.
    pub fn roles<Role: AsRef<str>>(self, roles: impl IntoIterator<Item = Role>) -> Self {
        let roles: Vec<Value> = roles.into_iter().map(|role| json!(role.as_ref())).collect();
        self.claim("roles", roles)
    }

    /// The region code whose subtree it is good for.
    pub fn region(self, code: &str) -> Self {
        self.claim("region", code)
    }

    /// The organisation it is good for, a UUID.
    pub fn organisation(self, id: impl ToString) -> Self {
        self.claim("organisation", id.to_string())
    }

    /// The person or program.
    pub fn subject(self, subject: &str) -> Self {
        self.claim("sub", subject)
    }

    /// Another issuer than [`TestIssuer::ISSUER`].
    pub fn issuer(self, issuer: &str) -> Self {
        self.claim("iss", issuer)
    }

    /// Another audience than [`TestIssuer::AUDIENCE`].
    pub fn audience(self, audience: &str) -> Self {
        self.claim("aud", audience)
    }

    /// Any claim, also a malformed one.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// Leaves a claim out.
    pub fn without(mut self, name: &str) -> Self {
        self.claims.insert(name.to_owned(), Value::Null);
        self
    }

    /// When it was issued, if not now.
    pub fn issued_at(mut self, time: DateTime<Utc>) -> Self {
        self.issued_at = time;
        self
    }

    /// How long it is good for, from when it was issued.
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Issued two hours ago for one.
    pub fn expired(self) -> Self {
        let then = self.issued_at - Duration::hours(2);
        self.issued_at(then).expires_in(Duration::hours(1))
    }

    /// Signed by somebody else who names our key.
    pub fn wrong_key(mut self) -> Self {
        self.signature = Signature::OtherKey;
        self
    }

    /// With `alg: none` and no signature.
    pub fn unsigned(mut self) -> Self {
        self.signature = Signature::Missing;
        self
    }

    /// The token, as it goes after `Bearer `.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn sign(self) -> Result<String> {
        let Self {
            issuer,
            claims: wanted,
            issued_at,
            lifetime,
            signature,
        } = self;
        let mut claims = Map::from_iter([
            ("iat".to_owned(), json!(issued_at.timestamp())),
            ("exp".to_owned(), json!((issued_at + lifetime).timestamp())),
        ]);
        claims.extend(wanted);
        claims.retain(|_, value| !value.is_null());
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(issuer.kid.clone());
        let sign =
            |key: &EncodingKey| jsonwebtoken::encode(&header, &claims, key).context("sign a token");
        match signature {
            Signature::Right => sign(&issuer.key),
            Signature::OtherKey => sign(&new_key()?),
            Signature::Missing => {
                let signed = sign(&issuer.key)?;
                let payload = signed
                    .split('.')
                    .nth(1)
                    .context("a token has three parts")?;
                Ok(format!("{UNSIGNED_HEADER}.{payload}."))
            }
        }
    }
}
