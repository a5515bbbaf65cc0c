//! What running processes need of a node's keys, so that the rest can stay where nothing runs.

use std::fmt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use contracts::region::RegionCode;
use nkeys::{KeyPair, KeyPairType, XKey};

use crate::{Error, NodeKeys, Parent, PublicKeys, files, keys, parent};

/// Credentials of the federation service, in a directory without the keys that could make them.
pub(crate) const FEDERATION_FILE: &str = "federation.creds";
/// Credentials of the system user, the same.
pub(crate) const SYSTEM_FILE: &str = "system.creds";

/// The keys of the border desk. Its directory is a node's whole one, or only the files of [`NodeKeys::handout`]: then nothing
/// in it can sign an account or an invitation, and nothing is written.
pub struct DeskKeys {
    directory: PathBuf,
    code: RegionCode,
    signing: KeyPair,
    sealing: XKey,
}

impl DeskKeys {
    /// Reads them.
    ///
    /// # Errors
    /// When a file is missing or cannot be read.
    pub fn load(directory: &Path) -> Result<Self, Error> {
        Ok(Self {
            code: keys::owner(directory)?,
            signing: keys::key(directory, keys::SIGNING, KeyPairType::Server, false)?,
            sealing: keys::sealing_key(directory, false)?,
            directory: directory.to_owned(),
        })
    }

    /// The region whose node it is.
    #[must_use]
    pub fn code(&self) -> RegionCode {
        self.code
    }

    /// The key the node signs its messages with: Ed25519.
    #[must_use]
    pub fn signing(&self) -> &KeyPair {
        &self.signing
    }

    /// The key dossiers for the node are sealed with: X25519.
    #[must_use]
    pub fn sealing(&self) -> &XKey {
        &self.sealing
    }

    /// The public halves of both.
    #[must_use]
    pub fn public(&self) -> PublicKeys {
        PublicKeys {
            signing: self.signing.public_key(),
            sealing: self.sealing.public_key(),
        }
    }

    /// The node's parent; none at the root.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn parent(&self) -> Result<Option<Parent>, Error> {
        parent::read(&self.directory)
    }

    /// The credentials of the federation service: those handed out, else made from the node's keys.
    ///
    /// # Errors
    /// When there are neither, or a file cannot be read or written.
    pub fn federation_credentials(&self, now: DateTime<Utc>) -> Result<String, Error> {
        match files::read(&self.directory.join(FEDERATION_FILE))? {
            Some(credentials) => Ok(credentials),
            None => NodeKeys::load(&self.directory)?.federation_credentials(now),
        }
    }

    /// The credentials of the system user: those handed out, else made from the node's keys.
    ///
    /// # Errors
    /// When there are neither, or a file cannot be read or written.
    pub fn system_credentials(&self, now: DateTime<Utc>) -> Result<String, Error> {
        match files::read(&self.directory.join(SYSTEM_FILE))? {
            Some(credentials) => Ok(credentials),
            None => NodeKeys::load(&self.directory)?.system_credentials(now),
        }
    }
}

impl fmt::Debug for DeskKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeskKeys")
            .field("code", &self.code)
            .field("directory", &self.directory)
            .finish_non_exhaustive()
    }
}
