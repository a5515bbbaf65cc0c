//! What the servers of a node say of their stores, streams and consumers, in all accounts.

use async_nats::Client;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use crate::Error;
use crate::ask::ask_all;

/// A server of the node.
#[derive(Debug, Clone)]
pub struct ServerState {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its clock, when it answered.
    pub time: DateTime<Utc>,
    /// Whether JetStream is off.
    pub disabled: bool,
    /// Bytes its store may have.
    pub max_bytes: u64,
    /// Bytes that the limits of the streams in it reserve.
    pub reserved_bytes: u64,
    /// Bytes in it.
    pub bytes: u64,
    /// The streams it leads.
    pub streams: Vec<StreamState>,
}

/// A stream.
#[derive(Debug, Clone)]
pub struct StreamState {
    /// Its name.
    pub name: String,
    /// Messages in it.
    pub messages: u64,
    /// Bytes in it.
    pub bytes: u64,
    /// Bytes it may have; -1 sets no limit.
    pub max_bytes: i64,
    /// Copies.
    pub replicas: usize,
    /// Its consumers.
    pub consumers: Vec<ConsumerState>,
}

/// A consumer of a stream.
#[derive(Debug, Clone, Deserialize)]
pub struct ConsumerState {
    /// Its name.
    pub name: String,
    /// Messages it was not given yet.
    #[serde(default, rename = "num_pending")]
    pub pending: u64,
    /// Messages it was given and has not answered.
    #[serde(default, rename = "num_ack_pending")]
    pub unanswered: u64,
}

#[derive(Deserialize)]
struct Store {
    #[serde(default)]
    disabled: bool,
    #[serde(default)]
    config: Limits,
    #[serde(default)]
    storage: u64,
    #[serde(default)]
    reserved_storage: u64,
    #[serde(default)]
    account_details: Vec<AccountDetail>,
}

#[derive(Default, Deserialize)]
struct Limits {
    #[serde(default)]
    max_storage: u64,
}

#[derive(Deserialize)]
struct AccountDetail {
    #[serde(default)]
    stream_detail: Vec<StreamDetail>,
}

#[derive(Deserialize)]
struct StreamDetail {
    name: String,
    config: StreamConfig,
    state: Counts,
    #[serde(default)]
    consumer_detail: Vec<ConsumerState>,
}

#[derive(Deserialize)]
struct StreamConfig {
    max_bytes: i64,
    num_replicas: usize,
}

#[derive(Deserialize)]
struct Counts {
    messages: u64,
    bytes: u64,
}

/// Every server of the node, asked over a connection of the system user.
///
/// # Errors
/// [`Error::Server`] when none answers.
pub async fn servers(system: &Client) -> Result<Vec<ServerState>, Error> {
    let wanted = json!({"accounts": true, "streams": true, "consumer": true, "config": true, "stream_leader_only": true});
    let answers = ask_all::<Store>(system, "$SYS.REQ.SERVER.PING.JSZ", &wanted).await?;
    let state = |answer: crate::ask::Answer<Store>| {
        let streams = answer.data.account_details.into_iter();
        ServerState {
            name: answer.server.name,
            version: answer.server.version,
            time: answer.server.time,
            disabled: answer.data.disabled,
            max_bytes: answer.data.config.max_storage,
            reserved_bytes: answer.data.reserved_storage,
            bytes: answer.data.storage,
            streams: streams
                .flat_map(|account| account.stream_detail)
                .map(stream)
                .collect(),
        }
    };
    Ok(answers.into_iter().map(state).collect())
}

fn stream(detail: StreamDetail) -> StreamState {
    StreamState {
        name: detail.name,
        messages: detail.state.messages,
        bytes: detail.state.bytes,
        max_bytes: detail.config.max_bytes,
        replicas: detail.config.num_replicas,
        consumers: detail.consumer_detail,
    }
}
