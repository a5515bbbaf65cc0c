//! One service in this process, with its own database and message server, a mock clock, and the other services played by
//! the test: it publishes their events and answers their questions.

use std::{marker::PhantomData, net::SocketAddr, sync::Mutex, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use chassis::{
    config::{Config, Login},
    db::{self, Db},
    lifecycle::Lifecycle,
    node::Node,
    service::ServiceModule,
    time::Time,
};
use contracts::{
    Service,
    events::{Envelope, Event, header},
    ids::{EventId, TypedId},
    questions::Question,
    region::RegionCode,
};
use serde_json::Value;
use servers::NatsOptions;
use tempfile::TempDir;

use crate::{
    Template, TestDatabase, TestIssuer, TestNats, TokenBuilder,
    http::{Client, TestResponse},
};

/// The node every test service serves: 武威.
pub const NODE: &str = "6206";
/// When a test begins: Tuesday 2026-09-01, 10:00 in China.
pub const BEGINNING: &str = "2026-09-01T02:00:00Z";
/// Password of every login on a test's message server.
const PASSWORD: &str = "test";
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
            config: bus_config(),
            ..NatsOptions::for_tests()
        })
        .await?;
        let database = migrated::<S>().await?;
        let mut config = config(&issuer, &directory, &database, &nats)?;
        change(&mut config);
        let time = Time::mock(BEGINNING.parse()?);
        let lifecycle = Lifecycle::new();
        let node = Node::new(config.clone(), time.clone(), lifecycle.clone()).await?;
        let address = node.add::<S>().await?.start()?;
        let bus = connect(&nats).await?;
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
        eventually("the service is ready", async || {
            Ok(self.client.get("/readyz", None).await?.status == 200)
        })
        .await?;
        // The relay makes the stream; what a test publishes before would be lost.
        eventually("the stream is there", async || {
            Ok(async_nats::jetstream::new(self.bus.clone())
                .get_stream("EVENTS")
                .await
                .is_ok())
        })
        .await
    }

    /// Stops it and starts it again with another configuration, on another port.
    ///
    /// # Errors
    /// It does not stop, or not start.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) -> Result<()> {
        self.lifecycle.stop();
        self.lifecycle.wait(PATIENCE).await?;
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

    /// The bus as a service sees it, with that service's login.
    ///
    /// # Errors
    /// The login is refused.
    pub async fn login(&self, service: Service) -> Result<async_nats::Client> {
        let login = self.config.nats.login(service);
        let user = login.user.unwrap_or_default();
        let options = async_nats::ConnectOptions::new()
            .user_and_password(user, PASSWORD.to_owned())
            .custom_inbox_prefix(format!("_INBOX_{}", service.schema()));
        Ok(options.connect(self.nats.url()).await?)
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
            NODE.parse()?,
            self.time.clone(),
        )?)
    }

    /// Publishes an event as `from` would; gives its id.
    ///
    /// # Errors
    /// The stream does not take it.
    pub async fn publish<E: Event>(
        &self,
        from: Service,
        subject: impl TypedId,
        event: &E,
    ) -> Result<EventId> {
        let id = self.time.id();
        self.publish_as(id, from, subject, event).await?;
        Ok(id)
    }

    /// Publishes an event under an id of the test's choice: the same id twice is one event delivered twice.
    ///
    /// # Errors
    /// The stream does not take it.
    pub async fn publish_as<E: Event>(
        &self,
        id: EventId,
        from: Service,
        subject: impl TypedId,
        event: &E,
    ) -> Result<()> {
        let seq = {
            let mut sequences = self
                .sequences
                .lock()
                .map_err(|_| anyhow::anyhow!("poisoned"))?;
            let seq = sequences.entry(from).or_insert(0);
            *seq += 1;
            *seq
        };
        let envelope = Envelope {
            id,
            event_type: E::event_type(from),
            source: NODE.parse::<RegionCode>()?,
            subject: subject.uuid(),
            time: self.time.now(),
            service: from,
            epoch: 1,
            seq,
            case_seq: seq,
            correlation: id.uuid(),
            causation: None,
            traceparent: None,
        };
        let mut headers = async_nats::HeaderMap::new();
        for (name, value) in envelope.headers() {
            headers.insert(name, value.as_str());
        }
        // Delivered twice means stored twice: the broker's own de-duplication is not what is tested.
        headers.insert(header::MSG_ID, self.time.uuid().to_string().as_str());
        let request = async_nats::Request::new()
            .headers(headers)
            .payload(serde_json::to_vec(event)?.into());
        let answer = self
            .bus
            .send_request(E::subject(from), request)
            .await
            .context("publish")?;
        let answer: Value = serde_json::from_slice(&answer.payload)?;
        ensure!(answer.get("error").is_none(), "publish: {answer}");
        Ok(())
    }

    /// Answers another service's question for the rest of the test.
    ///
    /// # Errors
    /// The subscription cannot be made.
    #[expect(
        clippy::disallowed_methods,
        reason = "an answer is no event: it goes back to the one who asked"
    )]
    pub async fn answer<Q: Question>(
        &self,
        answer: impl Fn(Q) -> Q::Answer + Send + 'static,
    ) -> Result<()> {
        use futures_util::StreamExt as _;
        let mut questions = self.bus.subscribe(Q::subject()).await?;
        let bus = self.bus.clone();
        bus.flush().await?;
        let mut answering = self
            .answering
            .lock()
            .map_err(|_| anyhow::anyhow!("poisoned"))?;
        answering.spawn(async move {
            while let Some(message) = questions.next().await {
                let Ok(question) = serde_json::from_slice::<Q>(&message.payload) else {
                    continue;
                };
                let reply = serde_json::json!({ "answer": answer(question) });
                if let Some(inbox) = message.reply {
                    _ = bus.publish(inbox, reply.to_string().into()).await;
                }
            }
        });
        Ok(())
    }

    /// Asks the service a question as `asker` would; the problem's code when it does not answer it.
    ///
    /// # Errors
    /// No reply, or one that cannot be read.
    pub async fn ask<Q: Question>(
        &self,
        asker: Service,
        question: &Q,
    ) -> Result<std::result::Result<Q::Answer, String>> {
        let mut headers = async_nats::HeaderMap::new();
        headers.insert("fq-asker", asker.as_str());
        let request = async_nats::Request::new()
            .headers(headers)
            .payload(serde_json::to_vec(question)?.into());
        let reply = self.bus.send_request(Q::subject(), request).await?;
        let reply: Value = serde_json::from_slice(&reply.payload)?;
        match reply.get("answer") {
            Some(answer) => Ok(Ok(serde_json::from_value(answer.clone())?)),
            None => Ok(Err(reply
                .get("problem")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned())),
        }
    }

    /// Waits until everything it published is on the stream and everything on the stream for it is applied.
    ///
    /// # Errors
    /// It takes too long, or an event went to the dead letters.
    pub async fn settle(&self) -> Result<()> {
        let admin = crate::postgres::connect(&self.database.admin_url()).await?;
        let schema = S::SERVICE.schema();
        let jetstream = async_nats::jetstream::new(self.bus.clone());
        let subscribed = !S::subscriptions().subjects().is_empty();
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

    /// Every message of the stream, in order: subject and headers.
    ///
    /// # Errors
    /// There is no stream.
    pub async fn stream_messages(
        &self,
    ) -> Result<Vec<(String, std::collections::BTreeMap<String, String>)>> {
        let stream = async_nats::jetstream::new(self.bus.clone())
            .get_stream("EVENTS")
            .await?;
        let state = stream.cached_info().state.clone();
        let mut messages = Vec::new();
        for sequence in state.first_sequence.max(1)..=state.last_sequence {
            let Ok(message) = stream.get_raw_message(sequence).await else {
                continue;
            };
            let headers = message
                .headers
                .iter()
                .filter_map(|(name, values)| Some((name.to_string(), values.first()?.to_string())));
            messages.push((message.subject.to_string(), headers.collect()));
        }
        Ok(messages)
    }

    /// Deletes the stream.
    ///
    /// # Errors
    /// There is none.
    pub async fn delete_stream(&self) -> Result<()> {
        async_nats::jetstream::new(self.bus.clone())
            .delete_stream("EVENTS")
            .await?;
        Ok(())
    }

    /// Publishes bytes that are no event.
    ///
    /// # Errors
    /// The stream does not take them.
    pub async fn publish_raw(&self, subject: &str, body: &'static [u8]) -> Result<()> {
        self.bus.request(subject.to_owned(), body.into()).await?;
        Ok(())
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

/// The logins the services really have, and one for the test that may do everything.
fn bus_config() -> String {
    let tester = format!("users = [\n    {{ user: \"tester\", password: \"{PASSWORD}\" }}\n");
    chassis::bus::authorization("EVENTS", |_| PASSWORD.to_owned()).replacen(
        "users = [\n",
        &tester,
        1,
    )
}

async fn connect(nats: &TestNats) -> Result<async_nats::Client> {
    let options = async_nats::ConnectOptions::new()
        .user_and_password("tester".to_owned(), PASSWORD.to_owned());
    Ok(options.connect(nats.url()).await?)
}

async fn migrated<S: ServiceModule>() -> Result<TestDatabase> {
    let schema = S::SERVICE.schema();
    // A new build of the test binary may have other migrations.
    let built = std::env::current_exe()?.metadata()?.modified()?;
    let fingerprint = format!("{built:?}");
    let template = Template {
        name: &schema,
        fingerprint: &fingerprint,
    };
    TestDatabase::from_template(&template, async |admin_url: String| {
        let mut config = Config::default();
        config.database.admin_url = Some(admin_url.into());
        db::migrate(&config.database, &[S::schema()]).await?;
        Ok(())
    })
    .await
}

fn config(
    issuer: &TestIssuer,
    directory: &TempDir,
    database: &TestDatabase,
    nats: &TestNats,
) -> Result<Config> {
    let jwks = directory.path().join("jwks.json");
    std::fs::write(&jwks, issuer.jwks().to_string())?;
    let mut config = Config::default();
    NODE.clone_into(&mut config.node.region);
    config.http.listen = "127.0.0.1:0".parse()?;
    config.http.workers = 2;
    config.http.rate_per_second = 100_000;
    config.http.rate_burst = 100_000;
    config.auth.issuer = TestIssuer::ISSUER.to_owned();
    config.auth.audience = TestIssuer::AUDIENCE.to_owned();
    config.auth.jwks_file = Some(jwks);
    config.database.url = database.url("postgres");
    config.database.admin_url = Some(database.admin_url().into());
    config.nats.url = nats.url();
    for service in Service::ALL {
        let login = Login {
            user: Some(service.to_string()),
            password: Some(PASSWORD.into()),
            password_file: None,
        };
        config.nats.services.insert(service.schema(), login);
    }
    config.clocks.poll_interval = Duration::from_millis(50);
    config.outbox.poll_interval = Duration::from_millis(200);
    Ok(config)
}
