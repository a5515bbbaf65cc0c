//! A whole node in this process, with its own database and message server and a clock that the test sets: what a case goes
//! through in days and weeks.

use std::net::SocketAddr;

use anyhow::Result;
use chassis::{
    config::Config,
    db::{self, ServiceSchema},
    lifecycle::Lifecycle,
    node::{Node, StartError},
    time::Time,
};
use servers::NatsOptions;
use tempfile::TempDir;

use crate::{
    Template, TestDatabase, TestIssuer, TestNats,
    http::Client,
    service::{configuration, setup},
};

/// Connections of each service.
const POOL: usize = 3;

/// A running node of the region [`crate::service::NODE`]. It ends with this value.
pub struct TestCentre {
    /// Issues the tokens it trusts.
    pub issuer: TestIssuer,
    /// Its clock.
    pub time: Time,
    /// Its database.
    pub database: TestDatabase,
    /// Its message server.
    pub nats: TestNats,
    /// Where its API is.
    pub address: SocketAddr,
    lifecycle: Lifecycle,
    _directory: TempDir,
}

impl TestCentre {
    /// Starts the services that `add` adds, on a database with their schemas, with this clock. The test needs a multi-thread
    /// runtime: `#[tokio::test(flavor = "multi_thread")]`.
    ///
    /// # Errors
    /// A server does not start, or a service does not.
    pub async fn start(
        database: TestDatabase,
        time: Time,
        add: impl AsyncFnOnce(Node) -> Result<Node, StartError>,
    ) -> Result<Self> {
        let issuer = TestIssuer::new()?;
        let directory = tempfile::tempdir()?;
        let nats = TestNats::with(NatsOptions {
            config: setup::bus_config(),
            ..NatsOptions::for_tests()
        })
        .await?;
        let mut config = configuration(&issuer, &directory, &database, &nats)?;
        config.database.pool_size = POOL;
        config.attachments.directory = Some(directory.path().join("attachments"));
        let lifecycle = Lifecycle::new();
        let node = Node::new(config, time.clone(), lifecycle.clone()).await?;
        let address = add(node).await?.start()?;
        let centre = Self {
            issuer,
            time,
            database,
            nats,
            address,
            lifecycle,
            _directory: directory,
        };
        setup::ready(&Client::new(address)?, centre.bus().await?).await?;
        Ok(centre)
    }

    /// Its database as the superuser.
    ///
    /// # Errors
    /// PostgreSQL does not answer.
    pub async fn sql(&self) -> Result<crate::postgres::Connection> {
        crate::postgres::connect(&self.database.admin_url()).await
    }

    /// Its message server as one who may do everything.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn bus(&self) -> Result<async_nats::Client> {
        setup::connect(&self.nats).await
    }
}

impl Drop for TestCentre {
    fn drop(&mut self) {
        self.lifecycle.kill();
    }
}

/// A database with these schemas, for the tests of one package: `name` says which.
///
/// # Errors
/// PostgreSQL does not start, or a migration fails.
pub async fn migrated(name: &str, schemas: &[ServiceSchema]) -> Result<TestDatabase> {
    // A new build of the test binary may have other migrations.
    let built = std::env::current_exe()?.metadata()?.modified()?;
    let fingerprint = format!("{built:?}");
    let template = Template {
        name,
        fingerprint: &fingerprint,
    };
    TestDatabase::from_template(&template, async |admin_url: String| {
        let mut config = Config::default();
        config.database.admin_url = Some(admin_url.into());
        db::migrate(&config.database, schemas).await?;
        Ok(())
    })
    .await
}
