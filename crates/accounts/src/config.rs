//! The configuration file of a node's nats-server.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::subjects::domain;
use crate::tls::TlsFiles;
use crate::{Accounts, Error, NodeKeys};

/// Where links or browsers connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// `0.0.0.0:7422`.
    pub address: String,
    /// Its certificate: links are never plain.
    pub tls: TlsFiles,
}

/// How a node is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// Where the server keeps the account JWTs it was sent.
    pub accounts: PathBuf,
    /// Where children connect; none at a node that has none.
    pub leafs: Option<Listener>,
    /// Where children connect that can only use HTTPS.
    pub websocket: Option<Listener>,
    /// Use the parent's `wss://` addresses even if it has others.
    pub parent_over_websocket: bool,
}

/// The rest of a server's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name.
    pub name: String,
    /// Where local services connect: `127.0.0.1:4222`.
    pub listen: String,
    /// Where its monitoring is read: `127.0.0.1:8222`. Keep it on the loopback address.
    pub http: String,
    /// Where the streams are kept.
    pub store: PathBuf,
    /// A message is on disk before it is acknowledged; off, a power cut loses up to two minutes.
    pub sync_always: bool,
    /// Bytes a message may have.
    pub max_payload: u32,
}

impl NodeKeys {
    /// The whole configuration file.
    ///
    /// # Errors
    /// As [`Self::links_config`].
    pub fn server_config(
        &self,
        server: &Server,
        links: &Links,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        let mut text = format!(
            "server_name: {}\nlisten: {}\nhttp: {}\nmax_payload: {}\njetstream {{\n  store_dir: {}\n  domain: {}\n",
            quoted(&server.name),
            quoted(&server.listen),
            quoted(&server.http),
            server.max_payload,
            path(&server.store),
            domain(self.code()),
        );
        if server.sync_always {
            text.push_str("  sync_interval: always\n");
        }
        text.push_str("}\n");
        text.push_str(&self.links_config(links, now)?);
        Ok(text)
    }

    /// The part about accounts and links, for a server whose other parts somebody else writes. The JetStream domain must be
    /// [`domain`](crate::domain) of the node.
    ///
    /// # Errors
    /// [`Error::Url`] when the parent has no address of the kind wanted; when a file cannot be read or written.
    pub fn links_config(&self, links: &Links, now: DateTime<Utc>) -> Result<String, Error> {
        let accounts = self.accounts(now)?;
        let mut text = accounts_block(&accounts, &links.accounts);
        if let Some(Listener { address, tls }) = &links.websocket {
            _ = writeln!(
                text,
                "websocket {{\n  listen: {}\n{}}}",
                quoted(address),
                tls_block(tls)
            );
        }
        let parent = self.remote(links, &accounts.link.key)?;
        if links.leafs.is_some() || links.websocket.is_some() || parent.is_some() {
            text.push_str("leafnodes {\n");
            if let Some(Listener { address, tls }) = &links.leafs {
                _ = write!(text, "  listen: {}\n{}", quoted(address), tls_block(tls));
            }
            text.push_str("  reconnect: \"1s\"\n");
            text.push_str(&parent.unwrap_or_default());
            text.push_str("}\n");
        }
        Ok(text)
    }

    /// The part about accounts alone. The server keeps the account JWTs it is sent in `directory`.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn accounts_config(&self, directory: &Path, now: DateTime<Utc>) -> Result<String, Error> {
        Ok(accounts_block(&self.accounts(now)?, directory))
    }

    fn remote(&self, links: &Links, account: &str) -> Result<Option<String>, Error> {
        let Some(parent) = self.parent()? else {
            return Ok(None);
        };
        let of = |scheme: &str| -> Vec<String> {
            let urls = parent.urls.iter().filter(|url| url.starts_with(scheme));
            urls.map(|url| quoted(url)).collect()
        };
        // One remote cannot have both kinds.
        let (direct, websocket) = (of("tls://"), of("wss://"));
        let urls = if links.parent_over_websocket || direct.is_empty() {
            websocket
        } else {
            direct
        };
        if urls.is_empty() {
            return Err(Error::Url(format!("wss:// of {}", parent.code)));
        }
        let authority = if parent.own_authority {
            format!(
                "    tls {{ ca_file: {} }}\n",
                path(&self.parent_authority())
            )
        } else {
            String::new()
        };
        Ok(Some(format!(
            "  remotes: [ {{\n    urls: [ {} ]\n    credentials: {}\n    account: {account}\n    \
             ignore_discovered_servers: true\n{authority}  }} ]\n",
            urls.join(", "),
            path(&self.parent_credentials()),
        )))
    }
}

fn accounts_block(accounts: &Accounts, directory: &Path) -> String {
    let mut text = format!(
        "operator: {}\nsystem_account: {}\nresolver {{\n  type: full\n  dir: {}\n  allow_delete: false\n  interval: \
         \"2m\"\n}}\nresolver_preload {{\n",
        accounts.operator,
        accounts.system.key,
        path(directory),
    );
    for account in [
        &accounts.platform,
        &accounts.federation,
        &accounts.link,
        &accounts.system,
    ] {
        // Writing to a String cannot fail.
        _ = writeln!(text, "  {}: {}", account.key, account.jwt);
    }
    text.push_str("}\n");
    text
}

fn tls_block(tls: &TlsFiles) -> String {
    format!(
        "  tls {{\n    cert_file: {}\n    key_file: {}\n    min_version: \"1.3\"\n    timeout: 5\n  }}\n",
        path(&tls.certificate),
        path(&tls.key),
    )
}

fn path(path: &Path) -> String {
    quoted(&path.display().to_string())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
