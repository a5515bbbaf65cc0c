//! What is taken to where a node runs. The keys it is made from stay behind.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::desk::{FEDERATION_FILE, SYSTEM_FILE};
use crate::{Error, NodeKeys, files, keys, parent};

impl NodeKeys {
    /// The files a running node needs, as name and text: for the border desk ([`DeskKeys`](crate::DeskKeys)), for checks, and
    /// for nats-server, which keeps the account JWTs it is sent in `accounts`. `link.conf` names the account in which the link to
    /// the parent ends, as the variable `$link_account`.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn handout(
        &self,
        accounts: &Path,
        now: DateTime<Utc>,
    ) -> Result<Vec<(String, String)>, Error> {
        let mut out = vec![
            (
                FEDERATION_FILE.to_owned(),
                self.federation_credentials(now)?,
            ),
            (SYSTEM_FILE.to_owned(), self.system_credentials(now)?),
            (
                "accounts.conf".to_owned(),
                self.accounts_config(accounts, now)?,
            ),
            (
                "link.conf".to_owned(),
                format!("link_account: \"{}\"\n", self.accounts(now)?.link.key),
            ),
        ];
        let copied = [
            keys::OWNER.to_owned(),
            format!("{}.seed", keys::SIGNING),
            format!("{}.seed", keys::SEALING),
            parent::FILE.to_owned(),
            parent::CREDENTIALS.to_owned(),
            parent::AUTHORITY.to_owned(),
        ];
        let own_authority = self.parent()?.is_some_and(|parent| parent.own_authority);
        for name in copied {
            // An earlier invitation may have left one that no longer counts.
            if name == parent::AUTHORITY && !own_authority {
                continue;
            }
            if let Some(text) = files::read(&self.path(&name))? {
                out.push((name, text));
            }
        }
        Ok(out)
    }
}
