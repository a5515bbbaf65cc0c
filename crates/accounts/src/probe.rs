//! Whether the border desk may do at its node's server what it must, and no more; and how far behind what it reads is.

use std::time::Duration;

use async_nats::{Client, HeaderMap, Request, RequestErrorKind, jetstream};
use contracts::region::RegionCode;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{Error, tokens};

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// A stream that no node has: the message is stored nowhere, and the stream it is for says so.
const NO_STREAM: &str = "NONE";

/// What became of a message that was only tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// A stream would have taken it.
    Taken,
    /// The server let it pass, and no stream wanted it.
    Passed,
    /// The server refused it: the user may not publish it.
    Refused,
}

/// The subject that is tried for a node's UP.
#[must_use]
pub fn tried_subject(node: RegionCode) -> String {
    format!("up.{}.check.tried", tokens(node))
}

/// The same of a neighbour that need not exist: the next code at the same level.
#[must_use]
pub fn neighbours_subject(node: RegionCode) -> String {
    let own = tokens(node);
    let mut parts: Vec<&str> = own.split('.').collect();
    if let Some(last) = parts.iter_mut().rev().find(|part| **part != "_") {
        *last = if *last == "99" { "98" } else { "99" };
    }
    format!("up.{}.check.tried", parts.join("."))
}

/// Tries to publish to a subject; nothing is stored. `refusals` are the errors that the server told the connection.
///
/// # Errors
/// [`Error::Server`] when it says neither.
pub async fn publish(
    desk: &Client,
    refusals: &mut UnboundedReceiver<String>,
    subject: &str,
) -> Result<Tried, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(async_nats::header::NATS_EXPECTED_STREAM, NO_STREAM);
    let request = Request::new().headers(headers).timeout(Some(PATIENCE));
    let refused = async {
        while let Some(refusal) = refusals.recv().await {
            if refusal.contains(subject) {
                return;
            }
        }
        std::future::pending().await
    };
    let answered = desk.send_request(subject.to_owned(), request);
    tokio::select! {
        () = refused => Ok(Tried::Refused),
        answer = answered => match answer {
            Ok(_) => Ok(Tried::Taken),
            Err(error) if error.kind() == RequestErrorKind::NoResponders => Ok(Tried::Passed),
            Err(error) => Err(Error::Server(error.to_string())),
        },
    }
}

/// Something that a stream reads from another node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// Its filter: `up.62.06.02.>`.
    pub filter: String,
    /// Messages there that are not here yet, as far as this server knows; 0 also while it hears nothing.
    pub lag: u64,
    /// How long ago it was heard of; none when it never was.
    pub heard: Option<Duration>,
}

/// What a stream reads from other nodes.
///
/// # Errors
/// [`Error::Server`] when it cannot be asked.
pub async fn sources(desk: &Client, stream: &str) -> Result<Vec<SourceState>, Error> {
    let failed = |error: String| Error::Server(format!("{stream}: {error}"));
    let context = jetstream::new(desk.clone());
    let stream = context.get_stream(stream).await;
    let stream = stream.map_err(|error| failed(error.to_string()))?;
    let sources = stream.cached_info().sources.iter();
    let state = |source: &jetstream::stream::SourceInfo| SourceState {
        filter: source.filter_subject.clone().unwrap_or_default(),
        lag: source.lag,
        heard: source.active,
    };
    Ok(sources.map(state).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_is_another_node_of_the_same_level() {
        for (node, own, neighbour) in [
            ("62", "up.62._._._", "up.99._._._"),
            ("6299", "up.62.99._._", "up.62.98._._"),
            ("620602", "up.62.06.02._", "up.62.06.99._"),
        ] {
            let node = node.parse().unwrap();
            assert_eq!(tried_subject(node), format!("{own}.check.tried"));
            assert_eq!(neighbours_subject(node), format!("{neighbour}.check.tried"));
        }
    }
}
