//! A nats-server per test.

use std::ops::{Deref, DerefMut};

use ::servers::{NatsOptions, PrivateNats};
use anyhow::Result;
use tempfile::TempDir;

/// A nats-server that belongs to one test: starts in about 50 ms, ends and is forgotten with this value.
#[derive(Debug)]
pub struct TestNats {
    server: PrivateNats,
    _directory: TempDir,
}

impl TestNats {
    /// Starts one with empty JetStream. Messages are not synced one by one: killing the process loses none anyway.
    ///
    /// # Errors
    /// nats-server is not installed or does not start; the text says what to do.
    pub async fn start() -> Result<Self> {
        Self::with(NatsOptions::for_tests()).await
    }

    /// Starts one with other options.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn with(options: NatsOptions) -> Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("fengqiao-test-")
            .tempdir()?;
        let server = PrivateNats::start(directory.path(), options).await?;
        Ok(Self {
            server,
            _directory: directory,
        })
    }
}

impl Deref for TestNats {
    type Target = PrivateNats;

    fn deref(&self) -> &PrivateNats {
        &self.server
    }
}

impl DerefMut for TestNats {
    fn deref_mut(&mut self) -> &mut PrivateNats {
        &mut self.server
    }
}
