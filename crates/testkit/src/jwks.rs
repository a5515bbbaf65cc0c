//! Where an identity provider publishes its keys, over HTTP.

use std::net::Ipv4Addr;

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::TestIssuer;

/// Answers every GET with the keys of an issuer. It counts, so that caching can be tested, and changes keys when told to.
#[derive(Debug)]
pub struct JwksServer {
    port: u16,
    body: watch::Sender<String>,
    asked: watch::Receiver<u64>,
    _task: JoinSet<()>,
}

impl JwksServer {
    /// Publishes the issuer's keys on a free port of the loopback address.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(issuer: &TestIssuer) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("listen for the key server")?;
        let port = listener.local_addr()?.port();
        let (body, keys) = watch::channel(issuer.jwks().to_string());
        let (count, asked) = watch::channel(0);
        let mut task = JoinSet::new();
        task.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.send_modify(|count| *count += 1);
                let keys = keys.borrow().clone();
                // A client that hung up needs no answer.
                let _ = answer(stream, &keys).await;
            }
        });
        Ok(Self {
            port,
            body,
            asked,
            _task: task,
        })
    }

    /// Replaces the published keys by those of another issuer: a key change.
    pub fn publish(&self, issuer: &TestIssuer) {
        self.body.send_replace(issuer.jwks().to_string());
    }

    /// The address for `auth.jwks_url`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/jwks.json", self.port)
    }

    /// How often it was asked.
    #[must_use]
    pub fn asked(&self) -> u64 {
        *self.asked.borrow()
    }
}

async fn answer(mut stream: TcpStream, body: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(&mut stream).lines();
    while lines
        .next_line()
        .await?
        .is_some_and(|line| !line.is_empty())
    {}
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let text = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}
