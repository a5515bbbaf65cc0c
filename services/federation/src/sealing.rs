//! Dossiers are sealed to the node that gets them (X25519, XSalsa20-Poly1305): the levels between pass them on and cannot open
//! them.

use std::path::PathBuf;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chassis::{
    config::{Config, ConfigError},
    http::Problem,
};
use contracts::{Service, problems::federation as codes};
use nkeys::XKey;

use crate::border::Desk;

chassis::config_section! {
    /// The border desk's own section.
    pub struct DeskConfig in "services.federation" {
        /// File with the seed of the key that dossiers for this node are sealed with; unset: the one in `federation.directory`.
        pub sealing_seed_file: Option<PathBuf> = None, "";
    }
}

/// Whether a text is the public key of a node that dossiers can be sealed to.
pub fn is_key(public: &str) -> bool {
    XKey::from_public_key(public).is_ok()
}

/// This node's sealing key. A node without one is not part of a federation.
pub struct Sealing(Option<XKey>);

impl Sealing {
    /// Takes the key of the node's directory, or reads the configured file.
    ///
    /// # Errors
    /// When the file cannot be read or holds no seed.
    pub fn open(config: &Config, desk: &Desk) -> Result<Self, ConfigError> {
        let own: DeskConfig = config.service(Service::Federation)?;
        let Some(file) = own.sealing_seed_file else {
            return Ok(Self(desk.keys().map(|keys| keys.sealing().clone())));
        };
        let wrong = |e: String| ConfigError::value("services.federation.sealing_seed_file", e);
        let seed = std::fs::read_to_string(file).map_err(|e| wrong(e.to_string()))?;
        let key = XKey::from_seed(seed.trim()).map_err(|e| wrong(e.to_string()))?;
        Ok(Self(Some(key)))
    }

    fn own(&self) -> Result<&XKey, Problem> {
        self.0
            .as_ref()
            .ok_or_else(|| Problem::new(&codes::NOT_FEDERATED))
    }

    /// Refuses when the node stands alone.
    ///
    /// # Errors
    /// `not-federated`.
    pub fn check(&self) -> Result<(), Problem> {
        self.own().map(|_| ())
    }

    /// Seals to the holder of a public key; base64.
    ///
    /// # Errors
    /// `not-federated`; `internal` when the key is none.
    pub fn seal(&self, to: &str, plain: &[u8]) -> Result<String, Problem> {
        let to = XKey::from_public_key(to).map_err(Problem::unexpected)?;
        let sealed = self.own()?.seal(plain, &to).map_err(Problem::unexpected)?;
        Ok(STANDARD.encode(sealed))
    }

    /// Opens what the holder of a public key sealed to this node.
    ///
    /// # Errors
    /// `message-refused` when it was sealed by or to somebody else, or was changed.
    pub fn open_from(&self, from: &str, sealed: &str) -> Result<Vec<u8>, Problem> {
        let refused = |why: String| Problem::new(&codes::MESSAGE_REFUSED).internal(why);
        let from = XKey::from_public_key(from).map_err(|e| refused(e.to_string()))?;
        let sealed = STANDARD
            .decode(sealed)
            .map_err(|e| refused(e.to_string()))?;
        self.own()?
            .open(&sealed, &from)
            .map_err(|e| refused(e.to_string()))
    }
}
