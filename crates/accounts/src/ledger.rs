//! What the node has issued and taken back, remembered next to its keys, so that its account JWTs can be made again.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, SubsecRound as _, Utc};
use contracts::region::RegionCode;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Error, NodeKeys, files};

const FILE: &str = "issued.json";

/// Credentials issued to a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The child.
    pub child: RegionCode,
    /// Public key of the user.
    pub user: String,
    /// The fingerprint of the invitation.
    pub fingerprint: String,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// From when they are no longer valid.
    pub expires_at: DateTime<Utc>,
    /// When they were taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Issued {
    /// Whether the child can log in with them.
    #[must_use]
    pub fn standing(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// When the content of an account's JWT last changed, and a hash of that content.
#[derive(Debug, Serialize, Deserialize)]
struct Edition {
    issued_at: DateTime<Utc>,
    content: String,
}

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ledger {
    #[serde(default)]
    pub(crate) issued: Vec<Issued>,
    #[serde(default)]
    editions: BTreeMap<String, Edition>,
}

impl Ledger {
    /// The users taken back, with the second up to which their JWTs count as such.
    pub(crate) fn revocations(&self) -> BTreeMap<String, i64> {
        let revoked = |issued: &Issued| {
            let at = issued.revoked_at?.max(issued.issued_at);
            Some((issued.user.clone(), at.timestamp()))
        };
        self.issued.iter().filter_map(revoked).collect()
    }

    /// When the JWT with this content was issued: the first time it is asked for, and later than the one before. A server
    /// keeps the newer of two account JWTs, so the time must change with the content, and only then.
    pub(crate) fn edition(
        &mut self,
        account: &str,
        content: &str,
        now: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let content = data_encoding::HEXLOWER.encode(&Sha256::digest(content));
        let now = now.trunc_subsecs(0);
        let issued_at = match self.editions.get(account) {
            Some(edition) if edition.content == content => return edition.issued_at,
            Some(edition) => now.max(edition.issued_at + Duration::seconds(1)),
            None => now,
        };
        let edition = Edition { issued_at, content };
        self.editions.insert(account.to_owned(), edition);
        issued_at
    }
}

impl NodeKeys {
    /// The credentials issued to children, the oldest first.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::File`] when they cannot be read.
    pub fn issued(&self) -> Result<Vec<Issued>, Error> {
        Ok(self.ledger()?.issued)
    }

    pub(crate) fn ledger(&self) -> Result<Ledger, Error> {
        Ok(files::read_json(&self.path(FILE))?.unwrap_or_default())
    }

    /// Reads the ledger, lets `change` change it, writes it; other processes wait.
    pub(crate) fn change_ledger<T>(
        &self,
        change: impl FnOnce(&mut Ledger) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let _lock = files::lock(self.directory())?;
        let mut ledger = self.ledger()?;
        let result = change(&mut ledger)?;
        files::write_json(&self.path(FILE), &ledger)?;
        Ok(result)
    }
}
