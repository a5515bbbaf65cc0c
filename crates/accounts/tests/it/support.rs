//! Nodes with servers of their own, and clients of all kinds.

use std::path::PathBuf;
use std::time::Duration;

use accounts::{
    Invitation, Invite, Limits, Links, Listener, NodeKeys, TlsFiles, domain, down_stream, jwt,
    links, local_tls, up_stream,
};
use async_nats::jetstream::{self, Context};
use async_nats::{Client, ConnectOptions};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::region::RegionCode;
use futures_util::StreamExt as _;
use nkeys::KeyPair;
use serde_json::{Value, json};
use servers::{NatsOptions, PrivateNats, free_port};
use tempfile::TempDir;

pub fn region(code: &str) -> RegionCode {
    code.parse().unwrap()
}

pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A node; its server runs from [`Node::start`] on.
pub struct Node {
    pub keys: NodeKeys,
    pub directory: TempDir,
    pub links: Links,
    tls: TlsFiles,
    ports: (u16, u16),
    nats: Option<PrivateNats>,
}

impl Node {
    pub fn new(code: &str) -> Self {
        let directory = TempDir::new().unwrap();
        let keys = NodeKeys::init(&directory.path().join("keys"), region(code)).unwrap();
        let tls = local_tls(
            &directory.path().join("tls"),
            &["localhost", "127.0.0.1"],
            now(),
        )
        .unwrap();
        let ports = (free_port().unwrap(), free_port().unwrap());
        let listener = |port| {
            Some(Listener {
                address: format!("127.0.0.1:{port}"),
                tls: tls.clone(),
            })
        };
        let links = Links {
            accounts: directory.path().join("accounts"),
            leafs: listener(ports.0),
            websocket: listener(ports.1),
            parent_over_websocket: false,
        };
        Self {
            keys,
            directory,
            links,
            tls,
            ports,
            nats: None,
        }
    }

    /// A node that has accepted an invitation of `parent`.
    pub fn below(parent: &Self, code: &str) -> Self {
        let node = Self::new(code);
        let invitation = parent.keys.invite(&parent.invite(code), now()).unwrap();
        node.keys.accept(&invitation, now()).unwrap();
        node
    }

    pub fn invite(&self, child: &str) -> Invite {
        Invite {
            child: region(child),
            urls: vec![
                format!("tls://localhost:{}", self.ports.0),
                format!("wss://localhost:{}", self.ports.1),
            ],
            ca: Some(std::fs::read_to_string(&self.tls.ca).unwrap()),
            expires_at: now() + TimeDelta::days(365),
        }
    }

    pub async fn start(&mut self) {
        let options = NatsOptions {
            name: format!("node-{}", self.keys.code()),
            domain: Some(domain(self.keys.code())),
            config: self.keys.links_config(&self.links, now()).unwrap(),
            ..NatsOptions::for_tests()
        };
        let nats = PrivateNats::start(&self.directory.path().join("nats"), options).await;
        self.nats = Some(nats.unwrap());
    }

    pub async fn restart(&mut self) {
        self.nats.as_mut().unwrap().restart().await.unwrap();
    }

    pub fn config_file(&self) -> PathBuf {
        self.directory.path().join("nats/nats.conf")
    }

    pub fn url(&self) -> String {
        self.nats.as_ref().unwrap().url()
    }

    async fn login(&self, credentials: &str, user: &str) -> Client {
        ConnectOptions::with_credentials(credentials)
            .unwrap()
            .custom_inbox_prefix(format!("_INBOX_{user}"))
            .request_timeout(Some(Duration::from_secs(3)))
            .connect(self.url())
            .await
            .unwrap()
    }

    pub async fn system(&self) -> Client {
        let credentials = self.keys.system_credentials(now()).unwrap();
        self.login(&credentials, "system").await
    }

    pub async fn federation(&self) -> Context {
        let credentials = self.keys.federation_credentials(now()).unwrap();
        jetstream::new(self.login(&credentials, "federation").await)
    }

    /// A user of an account (`plat`, `fed`) who may do anything in it, as only the node's own operator could make.
    pub async fn anybody(&self, account: &str) -> Client {
        let file = format!("account-{account}-signing.seed");
        let seed = std::fs::read_to_string(self.keys.directory().join(file)).unwrap();
        let accounts = self.keys.accounts(now()).unwrap();
        let identity = match account {
            "plat" => accounts.platform.key,
            _ => accounts.federation.key,
        };
        let user = KeyPair::new_user();
        let claims = json!({
            "type": "user", "version": 2, "issuer_account": identity,
            "subs": -1, "data": -1, "payload": -1, "pub": {}, "sub": {},
        });
        let jwt = jwt::Claims::new("anybody", &user.public_key(), now(), claims)
            .sign(&KeyPair::from_seed(seed.trim()).unwrap())
            .unwrap();
        let seed = user.seed().unwrap();
        let credentials = format!(
            "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n{seed}\n\
             ------END USER NKEY SEED------\n"
        );
        self.login(&credentials, "anybody").await
    }

    /// Makes UP and DOWN.
    pub async fn make_streams(&self, children: &[&str]) -> Context {
        let federation = self.federation().await;
        let children: Vec<_> = children.iter().map(|code| region(code)).collect();
        let parent = self.keys.parent().unwrap().map(|parent| parent.code);
        let code = self.keys.code();
        let up = up_stream(code, &children, &Limits::up());
        federation.create_stream(up).await.unwrap();
        let down = down_stream(code, parent, &Limits::down());
        federation.create_stream(down).await.unwrap();
        federation
    }

    /// Names of the servers of the children that are linked now.
    pub async fn children(&self) -> Vec<String> {
        let links = links(&self.system().await).await.unwrap();
        let children = links.into_iter().filter(|link| !link.to_parent);
        let mut names: Vec<_> = children.map(|link| link.name).collect();
        names.sort();
        names
    }

    pub async fn until_children(&self, expected: &[&str]) {
        let mut found = Vec::new();
        for _ in 0..200 {
            found = self.children().await;
            if found == expected {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("children {found:?}, expected {expected:?}");
    }
}

/// A server of somebody else's, with one open account, that uses a child's credentials.
pub struct Stranger {
    pub nats: PrivateNats,
    _directory: TempDir,
}

impl Stranger {
    pub async fn start(invitation: &Invitation) -> Self {
        let directory = TempDir::new().unwrap();
        let file = |name: &str, text: &str| {
            let path = directory.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let credentials = file("link.creds", &invitation.credentials);
        let ca = file("ca.pem", invitation.ca.as_deref().unwrap());
        let url = &invitation.urls[0];
        let config = format!(
            "leafnodes {{ reconnect: \"1s\", remotes: [ {{ url: \"{url}\", credentials: \"{credentials}\", \
             ignore_discovered_servers: true, tls {{ ca_file: \"{ca}\" }} }} ] }}"
        );
        let options = NatsOptions {
            name: "stranger".to_owned(),
            domain: Some("stranger".to_owned()),
            config,
            ..NatsOptions::for_tests()
        };
        let nats = PrivateNats::start(&directory.path().join("nats"), options)
            .await
            .unwrap();
        Self {
            nats,
            _directory: directory,
        }
    }

    pub async fn client(&self) -> Client {
        ConnectOptions::new()
            .request_timeout(Some(Duration::from_secs(3)))
            .connect(self.nats.url())
            .await
            .unwrap()
    }
}

/// Waits until the stream holds so many messages.
pub async fn until_messages(jetstream: &Context, stream: &str, expected: u64) {
    let mut found = 0;
    // A source whose link was down tries again after 10 s.
    for _ in 0..800 {
        found = messages(jetstream, stream).await;
        if found == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{stream} holds {found} messages, expected {expected}");
}

pub async fn messages(jetstream: &Context, stream: &str) -> u64 {
    let stream = jetstream.get_stream(stream).await.unwrap();
    stream.get_info().await.unwrap().state.messages
}

/// The subjects of all messages of a stream, in order.
pub async fn subjects(jetstream: &Context, stream: &str) -> Vec<String> {
    let stream = jetstream.get_stream(stream).await.unwrap();
    let state = stream.get_info().await.unwrap().state;
    let mut subjects = Vec::new();
    for sequence in state.first_sequence..=state.last_sequence {
        let message = stream.get_raw_message(sequence).await.unwrap();
        subjects.push(message.subject.to_string());
    }
    subjects
}

/// Publishes and waits for the stream's acknowledgement.
pub async fn publish(jetstream: &Context, subject: &str, body: &str) {
    let ack = jetstream
        .publish(subject.to_owned(), body.to_owned().into())
        .await
        .unwrap();
    ack.await.unwrap();
}

/// What arrives within a short time.
pub async fn heard(subscription: &mut async_nats::Subscriber) -> Vec<String> {
    let mut heard = Vec::new();
    while let Ok(Some(message)) =
        tokio::time::timeout(Duration::from_millis(300), subscription.next()).await
    {
        heard.push(message.subject.to_string());
    }
    heard
}

/// The answer to a request; none when nobody answers in a short time.
pub async fn ask(client: &Client, subject: &str, body: Value) -> Option<Value> {
    let request = client.request(subject.to_owned(), body.to_string().into());
    let answer = tokio::time::timeout(Duration::from_millis(400), request).await;
    serde_json::from_slice(&answer.ok()?.ok()?.payload).ok()
}
