//! A node's nats-server, with a client of the federation service and one of the system user.

use std::path::PathBuf;
use std::time::Duration;

use accounts::{Invite, Links, Listener, NodeKeys, TlsFiles, UP, domain, links, local_tls};
use anyhow::{Context as _, Result, anyhow};
use async_nats::jetstream::{self, Context};
use async_nats::{Client, ConnectOptions};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::region::RegionCode;
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::Value;
use servers::{NatsOptions, PrivateNats, free_port};
use tempfile::TempDir;

use crate::fact::Message;

/// Messages on their way to a stream at a time.
const IN_FLIGHT: usize = 256;

/// The time; the messages and credentials of the bench are as old as it.
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A node whose server is to be started.
pub struct Prepared {
    keys: NodeKeys,
    listener: Option<(TlsFiles, u16)>,
    links: Links,
    directory: TempDir,
}

impl Prepared {
    /// The node above all others.
    pub fn hub(code: RegionCode) -> Result<Self> {
        let mut node = Self::new(code)?;
        let tls = local_tls(&node.directory.path().join("tls"), &["localhost"], now())?;
        let port = free_port()?;
        node.links.leafs = Some(Listener {
            address: format!("127.0.0.1:{port}"),
            tls: tls.clone(),
        });
        node.listener = Some((tls, port));
        Ok(node)
    }

    /// A node that has accepted an invitation of `hub`.
    pub fn below(hub: &Node, code: RegionCode) -> Result<Self> {
        let node = Self::new(code)?;
        let (tls, port) = hub.listener.as_ref().context("the node above listens")?;
        let invite = Invite {
            child: code,
            urls: vec![format!("tls://localhost:{port}")],
            ca: Some(std::fs::read_to_string(&tls.ca)?),
            expires_at: now() + TimeDelta::days(1),
        };
        node.keys
            .accept(&hub.keys.invite(&invite, now())?, now())
            .map_err(anyhow::Error::from)?;
        Ok(node)
    }

    fn new(code: RegionCode) -> Result<Self> {
        let directory = TempDir::new()?;
        Ok(Self {
            keys: NodeKeys::init(&directory.path().join("keys"), code)?,
            listener: None,
            links: Links {
                accounts: directory.path().join("accounts"),
                leafs: None,
                websocket: None,
                parent_over_websocket: false,
            },
            directory,
        })
    }

    pub async fn start(self, sync_always: bool) -> Result<Node> {
        let options = NatsOptions {
            name: format!("node-{}", self.keys.code()),
            sync_always,
            domain: Some(domain(self.keys.code())),
            config: self.keys.links_config(&self.links, now())?,
            ..NatsOptions::default()
        };
        let nats = PrivateNats::start(&self.directory.path().join("nats"), options).await?;
        let credentials = self.keys.federation_credentials(now())?;
        let federation = login(&nats, &credentials, "federation").await?;
        let credentials = self.keys.system_credentials(now())?;
        let system = login(&nats, &credentials, "system").await?;
        Ok(Node {
            nats,
            federation: jetstream::new(federation),
            system,
            keys: self.keys,
            listener: self.listener,
            directory: self.directory,
        })
    }
}

async fn login(nats: &PrivateNats, credentials: &str, user: &str) -> Result<Client> {
    ConnectOptions::with_credentials(credentials)?
        .custom_inbox_prefix(format!("_INBOX_{user}"))
        .request_timeout(Some(Duration::from_secs(10)))
        .reconnect_delay_callback(|_| Duration::from_millis(100))
        .connect(nats.url())
        .await
        .context("log in")
}

/// A node whose server runs; dropping it stops the server, then deletes its directory.
pub struct Node {
    pub nats: PrivateNats,
    pub federation: Context,
    system: Client,
    keys: NodeKeys,
    listener: Option<(TlsFiles, u16)>,
    directory: TempDir,
}

/// What UP of the server above takes.
pub struct Stored {
    /// Bytes a message counts against the limit of the stream.
    pub counted: u64,
    /// Bytes a message takes on disk.
    pub on_disk: u64,
}

impl Node {
    pub fn code(&self) -> RegionCode {
        self.keys.code()
    }

    /// The version of its server.
    pub fn version(&self) -> String {
        self.system.server_info().version
    }

    /// Resident memory of its server, in kB.
    pub async fn memory(&self) -> Result<u64> {
        let answer = self
            .system
            .request("$SYS.REQ.SERVER.PING.VARZ", Bytes::new())
            .await?;
        let answer: Value = serde_json::from_slice(&answer.payload)?;
        let bytes = answer.pointer("/data/mem").and_then(Value::as_u64);
        Ok(bytes.context("the server's memory")? / 1024)
    }

    /// How many servers are linked to it from below.
    pub async fn linked(&self) -> Result<usize> {
        let links = links(&self.system).await?;
        Ok(links.iter().filter(|link| !link.to_parent).count())
    }

    /// Publishes to the node's own streams and waits until everything is acknowledged.
    pub async fn publish(&self, messages: impl Iterator<Item = Message>) -> Result<()> {
        publish(&self.federation, messages).await
    }

    /// Messages the stream holds.
    pub async fn messages(&self, stream: &str) -> Result<u64> {
        let stream = self.federation.get_stream(stream).await?;
        Ok(stream.cached_info().state.messages)
    }

    pub async fn stored(&self) -> Result<Stored> {
        let stream = self.federation.get_stream(UP).await?;
        let state = &stream.cached_info().state;
        let on_disk = size(&self.directory.path().join("nats/jetstream"))?;
        Ok(Stored {
            counted: state.bytes / state.messages.max(1),
            on_disk: on_disk / state.messages.max(1),
        })
    }
}

/// Publishes and waits until everything is acknowledged.
pub async fn publish(to: &Context, messages: impl Iterator<Item = Message>) -> Result<()> {
    futures_util::stream::iter(messages)
        .map(|message| async {
            let Message {
                subject,
                headers,
                body,
            } = message;
            let ack = to.publish_with_headers(subject, headers, body).await?.await;
            ack.map(drop).map_err(|e| anyhow!("not stored: {e}"))
        })
        .buffered(IN_FLIGHT)
        .try_collect()
        .await
}

fn size(directory: &PathBuf) -> Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let found = entry.metadata()?;
        sum += if found.is_dir() {
            size(&entry.path())?
        } else {
            found.len()
        };
    }
    Ok(sum)
}
