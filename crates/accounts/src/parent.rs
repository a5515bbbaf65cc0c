//! The parent a node has accepted.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use contracts::region::RegionCode;
use serde::{Deserialize, Serialize};

use crate::{Error, Invitation, NodeKeys, PublicKeys, files};

pub(crate) const FILE: &str = "parent.json";
pub(crate) const CREDENTIALS: &str = "parent.creds";
pub(crate) const AUTHORITY: &str = "parent-ca.pem";

/// The parent of a node, as its invitation said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Its region.
    pub code: RegionCode,
    /// Where our server connects to.
    pub urls: Vec<String>,
    /// Whether these addresses have a certificate authority of their own.
    pub own_authority: bool,
    /// Its keys.
    pub keys: PublicKeys,
    /// The fingerprint of the invitation.
    pub fingerprint: String,
    /// From when our credentials are no longer valid.
    pub expires_at: DateTime<Utc>,
}

impl NodeKeys {
    /// Accepts an invitation: the link is made when the server is next started with its configuration written anew. A later
    /// invitation of the same parent takes the place of the earlier one; a running server uses it when it next connects.
    ///
    /// # Errors
    /// [`Error::NotForUs`], [`Error::NotInside`], [`Error::Expired`], [`Error::Invitation`], [`Error::OtherParent`]; when a
    /// file cannot be read or written.
    pub fn accept(&self, invitation: &Invitation, now: DateTime<Utc>) -> Result<Parent, Error> {
        invitation.check(self.code(), now)?;
        let _lock = files::lock(self.directory())?;
        if let Some(parent) = self.parent()?
            && parent.code != invitation.parent
        {
            return Err(Error::OtherParent(parent.code));
        }
        let parent = Parent {
            code: invitation.parent,
            urls: invitation.urls.clone(),
            own_authority: invitation.ca.is_some(),
            keys: invitation.parent_keys.clone(),
            fingerprint: invitation.fingerprint.clone(),
            expires_at: invitation.expires_at,
        };
        if let Some(authority) = &invitation.ca {
            files::write(&self.path(AUTHORITY), authority)?;
        }
        files::write(&self.path(CREDENTIALS), &invitation.credentials)?;
        files::write_json(&self.path(FILE), &parent)?;
        Ok(parent)
    }

    /// The node's parent; none at the root.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn parent(&self) -> Result<Option<Parent>, Error> {
        read(self.directory())
    }

    /// The credentials file of the link to the parent.
    pub(crate) fn parent_credentials(&self) -> PathBuf {
        self.path(CREDENTIALS)
    }

    /// The certificate authority of the parent's addresses.
    pub(crate) fn parent_authority(&self) -> PathBuf {
        self.path(AUTHORITY)
    }
}

/// The parent noted in a directory.
pub(crate) fn read(directory: &Path) -> Result<Option<Parent>, Error> {
    files::read_json(&directory.join(FILE))
}
