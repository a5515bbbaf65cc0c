//! The development issuer: tokens for a node on a laptop. It signs for loopback only; a node with an external issuer never
//! trusts its key.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use chassis::time::Time;
use contracts::{ids::OrganisationId, roles::Role};
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    jwk::{Jwk, ThumbprintHash},
};
use serde_json::json;

/// `iss` of its tokens.
pub const ISSUER: &str = "urn:fengqiao:development";

/// Signs tokens with a key kept in the node's data.
pub struct DevIssuer {
    key: EncodingKey,
    public: Jwk,
    kid: String,
    lifetime: chrono::Duration,
}

impl DevIssuer {
    /// The issuer whose key is in `directory`; a new key when there is none.
    pub fn load(directory: &Path, lifetime: chrono::Duration) -> Result<Self> {
        let file = directory.join("issuer.key");
        let der = match std::fs::read(&file) {
            Ok(der) => der,
            Err(_) => {
                let key = EcdsaKeyPair::generate_pkcs8(
                    &ECDSA_P256_SHA256_FIXED_SIGNING,
                    &SystemRandom::new(),
                )
                .map_err(|_| anyhow!("no randomness"))?;
                write_private(&file, key.as_ref())?;
                key.as_ref().to_vec()
            }
        };
        let key = EncodingKey::from_ec_der(&der);
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256)?;
        let kid = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(kid.clone());
        Ok(Self {
            key,
            public,
            kid,
            lifetime,
        })
    }

    /// Its public keys, as an identity provider publishes them.
    pub fn jwks(&self) -> String {
        json!({ "keys": [self.public] }).to_string()
    }

    /// A token.
    pub fn token(
        &self,
        subject: &str,
        role: Role,
        region: &str,
        organisation: Option<OrganisationId>,
    ) -> Result<String> {
        let now = Time::system().now();
        let mut claims = json!({
            "iss": ISSUER, "aud": "fengqiao", "sub": subject, "roles": [role], "region": region,
            "iat": now.timestamp(), "exp": (now + self.lifetime).timestamp(),
        });
        if let (Some(organisation), Some(claims)) = (organisation, claims.as_object_mut()) {
            claims.insert("organisation".to_owned(), json!(organisation));
        }
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, &claims, &self.key).context("sign a token")
    }
}

/// Writes a file only its owner may read.
pub fn write_private(file: &Path, content: &[u8]) -> Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let mut open = std::fs::OpenOptions::new();
    let mut out = open
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("write {}", file.display()))?;
    Ok(out.write_all(content)?)
}
