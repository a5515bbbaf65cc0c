//! One service in this process, with its own database and message server, a mock clock, and the other services played by
//! the test: it publishes their events and answers their questions.

mod bus;
pub(crate) mod setup;

use std::{
    marker::PhantomData,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Result, bail, ensure};
use chassis::{
    bus::Bus,
    config::Config,
    db::Db,
    lifecycle::Lifecycle,
    node::Node,
    service::{ServiceContext, ServiceModule},
    time::Time,
};
use contracts::{Service, events::Event, ids::TypedId};
use policy::{CurrentPolicy, PackFiles};
use serde_json::Value;
use servers::NatsOptions;
use tempfile::TempDir;

use crate::{
    TestDatabase, TestIssuer, TestNats, TokenBuilder,
    http::{Client, TestResponse},
};

pub use setup::{configuration, migrated};

/// The node every test service serves: 武威.
pub const NODE: &str = "6206";
/// When a test begins: Tuesday 2026-09-01, 10:00 in China.
pub const BEGINNING: &str = "2026-09-01T02:00:00Z";
/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running service.
pub struct TestService<S> {
    /// Issues the tokens it trusts.
    pub issuer: TestIssuer,
    /// Its clock.
    pub time: Time,
    /// Its database.
    pub database: TestDatabase,
    /// Its message server.
    pub nats: TestNats,
    config: Config,
    address: SocketAddr,
    client: Client,
    bus: async_nats::Client,
    lifecycle: Lifecycle,
    sequences: Mutex<std::collections::BTreeMap<Service, i64>>,
    answering: Mutex<tokio::task::JoinSet<()>>,
    _directory: TempDir,
    service: PhantomData<S>,
}

impl<S: ServiceModule> TestService<S> {
    /// Starts it. The test needs a multi-thread runtime: `#[tokio::test(flavor = "multi_thread")]`.
    ///
    /// # Errors
    /// A server does not start, or the service does not.
    pub async fn start() -> Result<Self> {
        Self::start_with(|_| {}).await
    }

    /// Starts it with another configuration.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Result<Self> {
        let issuer = TestIssuer::new()?;
        let directory = tempfile::tempdir()?;
        let nats = TestNats::with(NatsOptions {
            config: setup::bus_config(),
            ..NatsOptions::for_tests()
        })
        .await?;
        let database = setup::migrated::<S>().await?;
        let mut config = setup::configuration(&issuer, &directory, &database, &nats)?;
        change(&mut config);
        let time = Time::mock(BEGINNING.parse()?);
        let lifecycle = Lifecycle::new();
        let node = Node::new(config.clone(), time.clone(), lifecycle.clone()).await?;
        let address = node.add::<S>().await?.start()?;
        let bus = setup::connect(&nats).await?;
        let service = Self {
            issuer,
            time,
            database,
            nats,
            config,
            address,
            client: Client::new(address)?,
            bus,
            lifecycle,
            sequences: Mutex::default(),
            answering: Mutex::default(),
            _directory: directory,
            service: PhantomData,
        };
        service.ready().await?;
        Ok(service)
    }

    async fn ready(&self) -> Result<()> {
        setup::ready(&self.client, self.bus.clone()).await
    }

    /// Stops it. [`Self::restart_with`] starts it again.
    ///
    /// # Errors
    /// It does not stop.
    pub async fn stop(&self) -> Result<()> {
        Ok(self.lifecycle.wait(PATIENCE).await?)
    }

    /// Stops it and starts it again with another configuration, on another port.
    ///
    /// # Errors
    /// It does not stop, or not start.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) -> Result<()> {
        self.stop().await?;
        change(&mut self.config);
        self.lifecycle = Lifecycle::new();
        let node = Node::new(
            self.config.clone(),
            self.time.clone(),
            self.lifecycle.clone(),
        )
        .await?;
        self.address = node.add::<S>().await?.start()?;
        self.client = Client::new(self.address)?;
        self.ready().await
    }

    /// A second process of the same service on the same servers; it ends with the value.
    ///
    /// # Errors
    /// It does not start.
    pub async fn second_process(&self) -> Result<SecondProcess> {
        let lifecycle = Lifecycle::new();
        let node = Node::new(self.config.clone(), self.time.clone(), lifecycle.clone()).await?;
        node.add::<S>().await?.start()?;
        Ok(SecondProcess(lifecycle))
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A token under construction: region of the node, no role yet.
    pub fn token(&self) -> TokenBuilder<'_> {
        self.issuer.token().region(NODE)
    }

    /// A token with one role in the whole node.
    ///
    /// # Panics
    /// When the token cannot be signed.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test's helper")]
    pub fn role(&self, role: &str) -> String {
        self.token()
            .roles([role])
            .subject(&format!("test-{role}"))
            .sign()
            .expect("sign a token")
    }

    /// A token with one role in one organisation of the node.
    ///
    /// # Panics
    /// When the token cannot be signed.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test's helper")]
    pub fn role_in(&self, role: &str, organisation: impl TypedId) -> String {
        let token = self.token().roles([role]).subject(&format!("test-{role}"));
        token
            .organisation(organisation.uuid())
            .sign()
            .expect("sign a token")
    }

    /// GET.
    ///
    /// # Errors
    /// No answer.
    pub async fn get(&self, path: &str, token: &str) -> Result<TestResponse> {
        self.client.get(path, Some(token)).await
    }

    /// POST of a JSON body.
    ///
    /// # Errors
    /// No answer.
    pub async fn post(&self, path: &str, token: &str, body: Value) -> Result<TestResponse> {
        self.client.post(path, Some(token), body, &[]).await
    }

    /// POST of a JSON body with headers.
    ///
    /// # Errors
    /// No answer.
    pub async fn post_with(
        &self,
        path: &str,
        token: &str,
        body: Value,
        headers: &[(&str, &str)],
    ) -> Result<TestResponse> {
        self.client.post(path, Some(token), body, headers).await
    }

    /// Its schema, as the service itself sees it.
    ///
    /// # Errors
    /// The address cannot be read.
    pub fn db(&self) -> Result<Db> {
        Ok(Db::new(
            &self.config,
            S::SERVICE,
            self.config.node.region.parse()?,
            self.time.clone(),
        )?)
    }

    /// Another value of its state, on the same servers: for calling what no request reaches.
    ///
    /// # Errors
    /// A server does not answer, or the service refuses its configuration.
    pub async fn state(&self) -> Result<S> {
        let region = self.config.node.region.parse()?;
        let files = PackFiles::read(None);
        let context = ServiceContext {
            db: self.db()?,
            bus: Bus::connect(&self.config.nats, S::SERVICE).await?,
            policy: CurrentPolicy::new(files.pack(&region, None)?),
            policy_files: Arc::new(files),
            config: Arc::new(self.config.clone()),
        };
        Ok(S::new(context)?)
    }

    /// Waits until everything it published is on the stream and everything on the stream for it is applied.
    ///
    /// # Errors
    /// It takes too long, or an event went to the dead letters.
    pub async fn settle(&self) -> Result<()> {
        let admin = crate::postgres::connect(&self.database.admin_url()).await?;
        let schema = S::SERVICE.schema();
        let jetstream = async_nats::jetstream::new(self.bus.clone());
        let subscribed = !S::consumes().subjects().is_empty();
        eventually("the service has settled", async || {
            let row = admin
                .query_one(
                    &format!("SELECT count(*) FROM {schema}.outbox WHERE stream_seq IS NULL"),
                    &[],
                )
                .await?;
            if row.get::<_, i64>(0) > 0 {
                return Ok(false);
            }
            if !subscribed {
                return Ok(true);
            }
            let stream = jetstream.get_stream("EVENTS").await?;
            let Ok(info) = stream.consumer_info(S::SERVICE.as_str()).await else {
                return Ok(false);
            };
            Ok(info.num_pending == 0 && info.num_ack_pending == 0)
        })
        .await?;
        let letters = admin
            .query(
                &format!("SELECT nats_subject, problem, detail FROM {schema}.dead_letters"),
                &[],
            )
            .await?;
        if let Some(letter) = letters.first() {
            bail!(
                "dead letter: {} {} {}",
                letter.get::<_, &str>(0),
                letter.get::<_, &str>(1),
                letter.get::<_, &str>(2)
            );
        }
        Ok(())
    }

    /// Everything it has published, in order: event type and body.
    ///
    /// # Errors
    /// PostgreSQL does not answer.
    pub async fn events(&self) -> Result<Vec<(String, Value)>> {
        let admin = crate::postgres::connect(&self.database.admin_url()).await?;
        let sql = format!(
            "SELECT event_type, payload FROM {}.outbox ORDER BY id",
            S::SERVICE.schema()
        );
        Ok(admin
            .query(&sql, &[])
            .await?
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect())
    }

    /// The bodies of the events of one kind, in order.
    ///
    /// # Errors
    /// PostgreSQL does not answer, or a body is not of the kind.
    pub async fn published<E: Event>(&self) -> Result<Vec<E>> {
        let kind = E::event_type(S::SERVICE);
        let bodies = self
            .events()
            .await?
            .into_iter()
            .filter(|(event_type, _)| *event_type == kind);
        bodies
            .map(|(_, body)| Ok(serde_json::from_value(body)?))
            .collect()
    }

    /// Its database as the superuser.
    ///
    /// # Errors
    /// PostgreSQL does not answer.
    pub async fn sql(&self) -> Result<crate::postgres::Connection> {
        crate::postgres::connect(&self.database.admin_url()).await
    }

    /// Its database as another role.
    ///
    /// # Errors
    /// PostgreSQL does not answer or refuses the role.
    pub async fn sql_as(&self, role: &str) -> Result<crate::postgres::Connection> {
        crate::postgres::connect(&self.database.url(role)).await
    }

    /// Counts the rows of one of its tables.
    ///
    /// # Errors
    /// PostgreSQL does not answer.
    pub async fn count(&self, table: &str) -> Result<i64> {
        let admin = crate::postgres::connect(&self.database.admin_url()).await?;
        Ok(admin
            .query_one(
                &format!("SELECT count(*) FROM {}.{table}", S::SERVICE.schema()),
                &[],
            )
            .await?
            .get(0))
    }
}

/// Another process of a service.
#[derive(Debug)]
pub struct SecondProcess(Lifecycle);

impl Drop for SecondProcess {
    fn drop(&mut self) {
        self.0.kill();
    }
}

impl<S> Drop for TestService<S> {
    fn drop(&mut self) {
        self.lifecycle.kill();
    }
}

/// Waits until `done` says so.
///
/// # Errors
/// It takes longer than 20 s, or `done` fails.
pub async fn eventually(what: &str, done: impl AsyncFn() -> Result<bool>) -> Result<()> {
    let waited = std::time::Instant::now();
    while !done().await? {
        ensure!(
            waited.elapsed() < PATIENCE,
            "not within {PATIENCE:?}: {what}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
