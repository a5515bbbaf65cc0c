//! The JWTs of nats-server: claims signed by an nkey.
//!
//! Written here because neither crate that exists does: `nats-jwt-rs` 0.1.1 reads the clock itself, so the same claims never
//! give the same token (a server keeps the newest account JWT, and which one that is must be ours to say), and
//! `nats-io-jwt` 0.1.1 generates seven thousand lines of types from a schema without revocations' times or connection types
//! of today. What is needed is small.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use nkeys::KeyPair;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha512_256};

use crate::Error;

/// The header is the same for all.
const HEADER: &str = r#"{"typ":"JWT","alg":"ed25519-nkey"}"#;

/// The claims of a JWT.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// Hash of the other claims; set when signed.
    #[serde(default)]
    pub jti: String,
    /// When it was issued, seconds since 1970.
    pub iat: i64,
    /// From when it is no longer valid, seconds since 1970; none: always valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// Public key of the signer; set when signed.
    #[serde(default)]
    pub iss: String,
    /// Public key of the one it is about.
    pub sub: String,
    /// Its name, for people.
    #[serde(default)]
    pub name: String,
    /// What nats-server reads: `type`, limits, permissions.
    pub nats: Value,
}

impl Claims {
    /// Claims about `subject`, not signed yet.
    #[must_use]
    pub fn new(name: &str, subject: &str, issued_at: DateTime<Utc>, nats: Value) -> Self {
        Self {
            jti: String::new(),
            iat: issued_at.timestamp(),
            exp: None,
            iss: String::new(),
            sub: subject.to_owned(),
            name: name.to_owned(),
            nats,
        }
    }

    /// The signed JWT. The same claims and key give the same text.
    ///
    /// # Errors
    /// [`Error::Key`] when `issuer` holds no seed.
    pub fn sign(mut self, issuer: &KeyPair) -> Result<String, Error> {
        self.iss = issuer.public_key();
        self.jti = String::new();
        self.jti = data_encoding::BASE32_NOPAD.encode(&Sha512_256::digest(self.json()?.as_bytes()));
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(HEADER),
            URL_SAFE_NO_PAD.encode(self.json()?)
        );
        let signature = issuer.sign(signed.as_bytes())?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Reads a JWT and checks that the key it names signed it.
    ///
    /// # Errors
    /// [`Error::Key`] when it is no JWT of nats-server or was changed.
    pub fn verify(jwt: &str) -> Result<Self, Error> {
        let bad = |what: &str| Error::Key(format!("JWT: {what}"));
        let (signed, signature) = jwt.rsplit_once('.').ok_or_else(|| bad("not three parts"))?;
        let (header, claims) = signed
            .split_once('.')
            .ok_or_else(|| bad("not three parts"))?;
        let decode = |part: &str| {
            URL_SAFE_NO_PAD
                .decode(part)
                .map_err(|_| bad("not base64url"))
        };
        let header: Value =
            serde_json::from_slice(&decode(header)?).map_err(|_| bad("its header is no JSON"))?;
        if header.get("alg").and_then(Value::as_str) != Some("ed25519-nkey") {
            return Err(bad("its algorithm is not ed25519-nkey"));
        }
        let claims: Self =
            serde_json::from_slice(&decode(claims)?).map_err(|error| bad(&error.to_string()))?;
        KeyPair::from_public_key(&claims.iss)?
            .verify(signed.as_bytes(), &decode(signature)?)
            .map_err(|_| bad("its signature is wrong"))?;
        Ok(claims)
    }

    fn json(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|error| Error::Key(error.to_string()))
    }
}

/// A credentials file: the JWT and the seed that goes with it.
pub(crate) fn credentials(jwt: &str, key: &KeyPair) -> Result<String, Error> {
    Ok(format!(
        "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n{}\n\
         ------END USER NKEY SEED------\n",
        key.seed()?
    ))
}

/// The JWT and the key in a credentials file.
pub(crate) fn read_credentials(text: &str) -> Result<(Claims, KeyPair), Error> {
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('-'));
    let (Some(jwt), Some(seed)) = (lines.next(), lines.next()) else {
        return Err(Error::Key("not a credentials file".to_owned()));
    };
    let (claims, key) = (Claims::verify(jwt)?, KeyPair::from_seed(seed)?);
    if claims.sub != key.public_key() {
        return Err(Error::Key(
            "the seed and the JWT of the credentials do not belong together".to_owned(),
        ));
    }
    Ok((claims, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jwt_is_the_same_each_time_and_cannot_be_changed() {
        let (issuer, user) = (KeyPair::new_account(), KeyPair::new_user());
        let claims = Claims::new(
            "intake",
            &user.public_key(),
            DateTime::UNIX_EPOCH,
            serde_json::json!({"type": "user", "version": 2}),
        );
        let jwt = claims.clone().sign(&issuer).unwrap();
        assert_eq!(jwt, claims.sign(&issuer).unwrap());
        let read = Claims::verify(&jwt).unwrap();
        assert_eq!(
            (read.sub, read.iss),
            (user.public_key(), issuer.public_key())
        );
        assert_eq!(read.jti.len(), 52);

        let parts: Vec<_> = jwt.split('.').collect();
        let forged = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
        let forged = String::from_utf8(forged)
            .unwrap()
            .replace("intake", "triage");
        let forged = format!(
            "{}.{}.{}",
            parts[0],
            URL_SAFE_NO_PAD.encode(forged),
            parts[2]
        );
        assert!(Claims::verify(&forged).is_err());
        for text in ["", "a.b", "a.b.c", "...."] {
            assert!(Claims::verify(text).is_err(), "{text:?}");
        }

        let file = credentials(&jwt, &user).unwrap();
        assert_eq!(read_credentials(&file).unwrap().0.sub, user.public_key());
        assert!(read_credentials(&credentials(&jwt, &issuer).unwrap()).is_err());
    }
}
