//! Credentials of the node's own users: the local services, the federation service, the system user.

use chrono::{DateTime, Utc};
use nkeys::KeyPair;
use serde_json::{Value, json};

use crate::jwt::{self, Claims};
use crate::keys::{AccountKeys, FEDERATION, SYSTEM};
use crate::streams::{DOWN, UP};
use crate::subjects::{subtree, tokens};
use crate::{Error, NodeKeys};

/// The consumer of the federation service, at UP and at DOWN.
pub const DESK: &str = "desk";

/// How long and how often an answer may be sent to a request, as `allow_responses: true` has it.
const RESPONSES: (u32, u64) = (1, 120_000_000_000);

/// The subjects a user may use; nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allow {
    /// What it may publish.
    pub publish: Vec<String>,
    /// What it may subscribe to.
    pub subscribe: Vec<String>,
    /// Whether it may answer the requests it gets.
    pub responses: bool,
}

impl NodeKeys {
    /// The credentials file of a local service: a user of PLAT that connects as an ordinary client.
    ///
    /// # Errors
    /// [`Error::Key`] when `name` is no name of a user; when its key cannot be read or written.
    pub fn service_credentials(
        &self,
        name: &str,
        allow: &Allow,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        self.local_credentials(&self.platform, name, allow, now)
    }

    /// The credentials file of the federation service: a user of FED. Its inboxes begin with `_INBOX_federation`.
    ///
    /// # Errors
    /// When a key cannot be read or written.
    pub fn federation_credentials(&self, now: DateTime<Utc>) -> Result<String, Error> {
        let down = match self.parent()? {
            Some(_) => format!("down.{}.>", subtree(self.code())),
            None => "down.>".to_owned(),
        };
        let mut publish = vec![
            format!("up.{}.>", tokens(self.code())),
            down,
            "$JS.API.INFO".to_owned(),
        ];
        for stream in [UP, DOWN] {
            publish.extend(
                [
                    "STREAM.CREATE",
                    "STREAM.UPDATE",
                    "STREAM.INFO",
                    "STREAM.DELETE",
                    "STREAM.MSG.GET",
                    "DIRECT.GET",
                ]
                .map(|call| format!("$JS.API.{call}.{stream}")),
            );
            publish.extend([
                format!("$JS.API.DIRECT.GET.{stream}.>"),
                format!("$JS.API.CONSUMER.CREATE.{stream}.{DESK}"),
                format!("$JS.API.CONSUMER.CREATE.{stream}.{DESK}.>"),
                format!("$JS.API.CONSUMER.INFO.{stream}.{DESK}"),
                format!("$JS.API.CONSUMER.DELETE.{stream}.{DESK}"),
                format!("$JS.API.CONSUMER.RESET.{stream}.{DESK}"),
                format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{DESK}"),
                format!("$JS.ACK.{stream}.{DESK}.>"),
                format!("$JS.ACK.*.*.{stream}.{DESK}.>"),
            ]);
        }
        let allow = Allow {
            publish,
            subscribe: vec![format!("_INBOX_{FEDERATION}.>")],
            responses: false,
        };
        self.local_credentials(&self.federation, FEDERATION, &allow, now)
    }

    /// The credentials file of the system user, for checks and account updates. Its inboxes begin with
    /// `_INBOX_system`.
    ///
    /// # Errors
    /// When a key cannot be read or written.
    pub fn system_credentials(&self, now: DateTime<Utc>) -> Result<String, Error> {
        let server = ["LEAFZ", "CONNZ", "JSZ", "VARZ", "HEALTHZ", "STATSZ"];
        let mut publish: Vec<_> = server
            .map(|call| format!("$SYS.REQ.SERVER.*.{call}"))
            .into();
        publish.push("$SYS.REQ.CLAIMS.UPDATE".to_owned());
        publish.push("$SYS.REQ.CLAIMS.LIST".to_owned());
        let allow = Allow {
            publish,
            subscribe: vec![format!("_INBOX_{SYSTEM}.>")],
            responses: false,
        };
        self.local_credentials(&self.system, SYSTEM, &allow, now)
    }

    fn local_credentials(
        &self,
        account: &AccountKeys,
        name: &str,
        allow: &Allow,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        let user = User {
            name,
            key: &self.user(name)?,
            allow,
            connections: &["STANDARD"],
            issued_at: now,
            expires_at: None,
        };
        user.credentials(account)
    }
}

/// A user to be signed by an account.
pub(crate) struct User<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: &'a KeyPair,
    pub(crate) allow: &'a Allow,
    /// How it may connect, in nats-server's words.
    pub(crate) connections: &'a [&'a str],
    pub(crate) issued_at: DateTime<Utc>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

impl User<'_> {
    /// The credentials file.
    pub(crate) fn credentials(&self, account: &AccountKeys) -> Result<String, Error> {
        let mut nats = json!({
            "type": "user",
            "version": 2,
            "issuer_account": account.identity.public_key(),
            "subs": -1,
            "data": -1,
            "payload": -1,
            "pub": permission(&self.allow.publish),
            "sub": permission(&self.allow.subscribe),
            "allowed_connection_types": self.connections,
        });
        if self.allow.responses
            && let Some(nats) = nats.as_object_mut()
        {
            let (max, ttl) = RESPONSES;
            nats.insert("resp".to_owned(), json!({"max": max, "ttl": ttl}));
        }
        let mut claims = Claims::new(self.name, &self.key.public_key(), self.issued_at, nats);
        claims.exp = self.expires_at.map(|at| at.timestamp());
        jwt::credentials(&claims.sign(&account.signing)?, self.key)
    }
}

/// To nats-server an empty list of what is allowed allows everything.
fn permission(allowed: &[String]) -> Value {
    if allowed.is_empty() {
        json!({"deny": [">"]})
    } else {
        json!({"allow": allowed})
    }
}
