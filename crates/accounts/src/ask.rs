//! Asking every server of a node's cluster over the system account.

use std::{fmt::Display, time::Duration};

use async_nats::Client;
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::Error;

/// How long nobody may answer.
const FIRST: Duration = Duration::from_secs(5);
/// How long the others may take after the first one answered.
const OTHERS: Duration = Duration::from_millis(250);

/// What one server answers.
#[derive(Deserialize)]
pub(crate) struct Answer<T> {
    pub(crate) server: Answering,
    pub(crate) data: T,
}

/// The server that answers.
#[derive(Deserialize)]
pub(crate) struct Answering {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default, rename = "ver")]
    pub(crate) version: String,
    pub(crate) time: DateTime<Utc>,
}

/// Asks; one answer a server.
pub(crate) async fn ask_all<T: DeserializeOwned>(
    system: &Client,
    subject: &'static str,
    body: &Value,
) -> Result<Vec<Answer<T>>, Error> {
    let inbox = system.new_inbox();
    let mut replies = system.subscribe(inbox.clone()).await.map_err(failed)?;
    system
        .publish_with_reply(subject, inbox, body.to_string().into())
        .await
        .map_err(failed)?;
    let mut answers = Vec::new();
    let mut patience = FIRST;
    while let Ok(Some(reply)) = tokio::time::timeout(patience, replies.next()).await {
        if reply.status.is_some() {
            return Err(failed("nobody answers for the system account"));
        }
        answers.push(serde_json::from_slice(&reply.payload).map_err(failed)?);
        patience = OTHERS;
    }
    if answers.is_empty() {
        return Err(failed(format!("{subject}: no answer within {FIRST:?}")));
    }
    Ok(answers)
}

fn failed(why: impl Display) -> Error {
    Error::Server(why.to_string())
}
