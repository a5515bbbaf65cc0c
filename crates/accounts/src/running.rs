//! What is told to, and asked of, a running server over the system account.

use async_nats::Client;
use bytes::Bytes;
use contracts::region::RegionCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Error;
use crate::ask::ask_all;
use crate::jwt::Claims;

/// A link that ends at a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The server's id.
    pub server: String,
    /// The connection's id at that server.
    pub id: u64,
    /// Public key of the account it ends in.
    pub account: String,
    /// The name the other server gives itself.
    pub name: String,
    /// True when this server made the connection: the link to the parent.
    pub to_parent: bool,
}

impl Link {
    /// Whether the other server is one of a node's: it is called `fengqiao-<code>`, or `fengqiao-<code>-<n>` in a cluster.
    #[must_use]
    pub fn is_of(&self, node: RegionCode) -> bool {
        let rest = self.name.strip_prefix(&format!("fengqiao-{node}"));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }
}

/// Sends an account JWT to the running server, which uses it at once and keeps it: the connections of users revoked in it
/// are cut. `system` is a connection of the system user.
///
/// # Errors
/// [`Error::Server`] when the server refuses the JWT or does not answer.
pub async fn push(system: &Client, jwt: &str) -> Result<(), Error> {
    let account = Claims::verify(jwt)?.sub;
    let answer = request(system, "$SYS.REQ.CLAIMS.UPDATE", jwt.to_owned().into()).await?;
    let code = answer.pointer("/data/code").and_then(Value::as_u64);
    let updated = answer.pointer("/data/account").and_then(Value::as_str);
    if code == Some(200) && updated == Some(&account) {
        return Ok(());
    }
    let why = ["/error/description", "/data/message"]
        .iter()
        .find_map(|field| answer.pointer(field).and_then(Value::as_str));
    Err(Error::Server(format!(
        "account update refused: {}",
        why.unwrap_or("no reason given")
    )))
}

#[derive(Deserialize)]
struct LeafData {
    #[serde(default)]
    leafs: Vec<Leaf>,
}

#[derive(Deserialize)]
struct Leaf {
    id: u64,
    #[serde(default)]
    name: String,
    account: String,
    #[serde(default)]
    is_spoke: bool,
}

/// The links of the server, or of all servers of its cluster: those of the children, and the one to the parent.
///
/// # Errors
/// [`Error::Server`] when none answers.
pub async fn links(system: &Client) -> Result<Vec<Link>, Error> {
    let mut links = Vec::new();
    for answer in ask_all::<LeafData>(system, "$SYS.REQ.SERVER.PING.LEAFZ", &json!({})).await? {
        links.extend(answer.data.leafs.into_iter().map(|leaf| Link {
            server: answer.server.id.clone(),
            id: leaf.id,
            account: leaf.account,
            name: leaf.name,
            to_parent: leaf.is_spoke,
        }));
    }
    Ok(links)
}

async fn request(system: &Client, subject: &str, body: Bytes) -> Result<Value, Error> {
    let answer = system
        .request(subject.to_owned(), body)
        .await
        .map_err(|error| Error::Server(error.to_string()))?;
    serde_json::from_slice(&answer.payload).map_err(|error| Error::Server(error.to_string()))
}
