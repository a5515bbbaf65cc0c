//! A node under test: its keys, its servers, the border desk in this process, and the other services played by the test.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use accounts::{Allow, Invite, Links, Listener, NodeKeys, TlsFiles, domain, local_tls};
use async_nats::{Client, ConnectOptions, HeaderMap, jetstream};
use chassis::{
    bus::dead_letters::{self, DeadLetter},
    config::{Config, Login},
    db::Db,
    lifecycle::Lifecycle,
    time::Time,
};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::{
    Service,
    events::{
        Envelope, Event as _, header,
        intake::MatterClass,
        triage::{RiskColour, Track, TriageDecided},
    },
    ids::{CaseId, EventId, TypedId as _},
    questions::{CaseDossier, Dossier, DossierMatter, Question as _},
    region::RegionCode,
};
use federation::{
    Federation,
    links::{self, NodeLink, OwnSending},
};
use futures_util::{StreamExt as _, future::join_all};
use nkeys::KeyPair;
use serde_json::json;
use servers::{NatsOptions, free_port};
use tempfile::TempDir;
use testkit::{
    ChaosProxy, TestDatabase, TestIssuer, TestNats,
    postgres::{Connection, connect},
    service::{configuration, migrated},
};
use uuid::Uuid;

/// Facts made at once.
const AT_ONCE: usize = 20;

pub fn region(code: &str) -> RegionCode {
    code.parse().unwrap()
}

/// Keys and certificates are checked against the machine's clock.
pub fn now() -> DateTime<Utc> {
    Time::system().now()
}

/// A node. Its server runs from the beginning, its border desk between [`Node::serve`] and [`Node::stop`].
pub struct Node {
    pub code: RegionCode,
    pub keys: NodeKeys,
    pub nats: TestNats,
    pub database: TestDatabase,
    pub config: Config,
    pub time: Time,
    /// The network to the node above.
    pub link: Option<ChaosProxy>,
    leafs: u16,
    tls: TlsFiles,
    lifecycle: Lifecycle,
    made: AtomicI64,
    directory: TempDir,
}

impl Node {
    /// A node with nothing above, serving.
    pub async fn root(code: &str) -> Self {
        let mut node = Self::prepare(code, None, TempDir::new().unwrap()).await;
        node.serve().await;
        node
    }

    /// A child of `parent`, linked and serving.
    pub async fn below(parent: &Self, code: &str) -> Self {
        let mut node = Self::invited(parent, code).await;
        node.join(parent).await;
        node
    }

    /// A child of `parent` that is linked; its border desk does not run yet.
    pub async fn invited(parent: &Self, code: &str) -> Self {
        let node = Self::prepare(code, Some(parent), TempDir::new().unwrap()).await;
        let system = parent.system().await;
        let name = format!("node-{code}");
        eventually("the child is linked", async || {
            let links = accounts::links(&system).await.unwrap();
            links.iter().any(|link| link.name == name)
        })
        .await;
        node
    }

    /// The same node set up anew, invited again: another folder of keys, another server, its database as it was.
    pub async fn with_new_keys(mut self, parent: &Self) -> Self {
        self.stop().await;
        self.nats.kill9().await;
        let mut anew = Self::invited(parent, self.code.as_str()).await;
        std::mem::swap(&mut anew.database, &mut self.database);
        anew.config.database = self.config.database.clone();
        anew.made
            .store(self.made.load(Ordering::Relaxed), Ordering::Relaxed);
        anew
    }

    /// Starts the border desk and is read by the parent. Only then: a source that finds nobody asks again after 40 s.
    pub async fn join(&mut self, parent: &Self) {
        self.serve().await;
        links::add_child(&parent.db(), self.code).await.unwrap();
        eventually("the parent has heard of it", async || {
            parent.sees(self).await.last_contact.is_some()
        })
        .await;
    }

    async fn prepare(code: &str, parent: Option<&Self>, directory: TempDir) -> Self {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
            .with_test_writer();
        // The second node of a test finds it there.
        _ = subscriber.try_init();
        let code = region(code);
        let keys = NodeKeys::init(&directory.path().join("keys"), code).unwrap();
        let link = match parent {
            Some(parent) => {
                let proxy = ChaosProxy::start(parent.leafs).await.unwrap();
                let invite = Invite {
                    child: code,
                    urls: vec![format!("tls://127.0.0.1:{}", proxy.port())],
                    ca: Some(std::fs::read_to_string(&parent.tls.ca).unwrap()),
                    expires_at: now() + TimeDelta::days(365),
                };
                let invitation = parent.keys.invite(&invite, now()).unwrap();
                keys.accept(&invitation, now()).unwrap();
                Some(proxy)
            }
            None => None,
        };
        let tls = local_tls(&directory.path().join("tls"), &["127.0.0.1"], now()).unwrap();
        let leafs = free_port().unwrap();
        let nats = start_nats(&keys, leafs, &tls, &directory).await;
        let database = migrated::<Federation>().await.unwrap();
        let issuer = TestIssuer::new().unwrap();
        let mut config = configuration(&issuer, &directory, &database, &nats).unwrap();
        config.node.region = code.to_string();
        config.federation.directory = Some(directory.path().join("keys"));
        config.federation.checkpoint_interval = Duration::from_millis(500);
        config.federation.missing_after = Duration::from_millis(1500);
        config.federation.silent_after = Duration::from_secs(3);
        config.policy.poll_interval = Duration::from_millis(200);
        config.federation.max_bytes = 256 << 20;
        config.outbox.poll_interval = Duration::from_millis(100);
        config.consumers.ack_wait = Duration::from_secs(5);
        config.consumers.backoff = vec![Duration::from_millis(100)];
        config.http.workers = 1;
        config.nats.services.clear();
        let (publish, subscribe) = chassis::bus::allowed("EVENTS", Service::Federation);
        let allow = Allow {
            publish,
            subscribe,
            responses: true,
        };
        let credentials = keys
            .service_credentials("federation", &allow, now())
            .unwrap();
        let file = directory.path().join("federation.creds");
        std::fs::write(&file, credentials).unwrap();
        let login = Login {
            credentials_file: Some(file),
            ..Login::default()
        };
        config.nats.services.insert("federation".to_owned(), login);
        Self {
            code,
            keys,
            nats,
            database,
            config,
            time: Time::system(),
            link,
            leafs,
            tls,
            lifecycle: Lifecycle::new(),
            made: AtomicI64::new(0),
            directory,
        }
    }

    /// Starts the border desk in the place of one that was stopped.
    pub async fn follow(&mut self) {
        self.lifecycle = self.process().await;
    }

    /// Starts the border desk.
    pub async fn serve(&mut self) {
        self.follow().await;
        let streams = jetstream::new(self.anybody("fed").await);
        let events = jetstream::new(self.anybody("plat").await);
        for (bus, stream) in [(&streams, "UP"), (&streams, "DOWN"), (&events, "EVENTS")] {
            eventually(&format!("{} has {stream}", self.code), async || {
                bus.get_stream(stream).await.is_ok()
            })
            .await;
        }
    }

    /// A folder of its own.
    pub fn folder(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }

    /// Another process of the border desk on the same servers; it ends with [`Lifecycle::kill`].
    pub async fn process(&self) -> Lifecycle {
        let lifecycle = Lifecycle::new();
        let node =
            chassis::node::Node::new(self.config.clone(), self.time.clone(), lifecycle.clone())
                .await
                .unwrap();
        node.add::<Federation>().await.unwrap().start().unwrap();
        lifecycle
    }

    /// Stops the border desk, as for a new release.
    pub async fn stop(&mut self) {
        self.lifecycle.stop();
        self.lifecycle.wait(Duration::from_secs(15)).await.unwrap();
    }

    /// Drops what the border desk does, in the middle of it.
    pub async fn crash(&self) {
        self.lifecycle.kill();
        _ = self.lifecycle.wait(Duration::from_secs(15)).await;
    }

    pub fn db(&self) -> Db {
        Db::new(
            &self.config,
            Service::Federation,
            self.code,
            self.time.clone(),
        )
        .unwrap()
    }

    pub async fn sql(&self) -> Connection {
        connect(&self.database.admin_url()).await.unwrap()
    }

    pub async fn count(&self, what: &str) -> i64 {
        let sql = self.sql().await;
        let row = sql
            .query_one(&format!("SELECT count(*) FROM federation.{what}"), &[])
            .await;
        row.unwrap().get(0)
    }

    /// What operations see of a node below.
    pub async fn sees(&self, below: &Self) -> NodeLink {
        let (links, _) = links::status(&self.db(), self.config.federation.silent_after)
            .await
            .unwrap();
        links
            .into_iter()
            .find(|link| link.code == below.code)
            .unwrap()
    }

    /// What operations see of the node's own sending.
    pub async fn sending(&self) -> OwnSending {
        let status = links::status(&self.db(), self.config.federation.silent_after).await;
        status.unwrap().1
    }

    pub async fn dead_letters(&self) -> Vec<DeadLetter> {
        dead_letters::list(&self.db()).await.unwrap()
    }

    /// A user of an account (`plat`, `fed`) who may do anything in it, as only the node's own operator could make.
    pub async fn anybody(&self, account: &str) -> Client {
        let file = format!("account-{account}-signing.seed");
        let seed = std::fs::read_to_string(self.keys.directory().join(file)).unwrap();
        let accounts = self.keys.accounts(now()).unwrap();
        let identity = match account {
            "plat" => accounts.platform.key,
            _ => accounts.federation.key,
        };
        let user = KeyPair::new_user();
        let claims = json!({
            "type": "user", "version": 2, "issuer_account": identity,
            "subs": -1, "data": -1, "payload": -1, "pub": {}, "sub": {},
        });
        let jwt = accounts::jwt::Claims::new("anybody", &user.public_key(), now(), claims)
            .sign(&KeyPair::from_seed(seed.trim()).unwrap())
            .unwrap();
        let seed = user.seed().unwrap();
        self.login(&format!(
            "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n{seed}\n\
             ------END USER NKEY SEED------\n"
        ))
        .await
    }

    /// The system user.
    pub async fn system(&self) -> Client {
        self.login(&self.keys.system_credentials(now()).unwrap())
            .await
    }

    async fn login(&self, credentials: &str) -> Client {
        let options = ConnectOptions::with_credentials(credentials).unwrap();
        options
            .custom_inbox_prefix("_INBOX_system")
            .request_timeout(Some(Duration::from_secs(2)))
            .connect(self.nats.url())
            .await
            .unwrap()
    }

    /// What the attributes of the next event of intake are.
    fn next(&self) -> Envelope {
        let seq = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let id: EventId = Time::system().id();
        Envelope {
            id,
            event_type: "fengqiao.intake.matter.accepted.v1".to_owned(),
            source: self.code,
            subject: Time::system().uuid(),
            time: self.time.now(),
            service: Service::Intake,
            epoch: 1,
            seq,
            case_seq: 1,
            correlation: id.uuid(),
            causation: None,
            traceparent: None,
        }
    }

    /// Makes facts as intake would; gives their ids in order. A server that is away is waited for.
    pub async fn make(&self, count: usize) -> Vec<Uuid> {
        let client = self.anybody("plat").await;
        let mut ids = Vec::with_capacity(count);
        while ids.len() < count {
            let some = (ids.len()..count).take(AT_ONCE).map(|_| {
                let envelope = self.next();
                let client = client.clone();
                async move {
                    publish(&client, &envelope, "evt.intake.matter.accepted", "{}").await;
                    envelope.id.uuid()
                }
            });
            ids.extend(join_all(some).await);
        }
        ids
    }

    /// Says as triage would that a case was decided to have a colour.
    pub async fn decide(&self, case_id: CaseId, colour: RiskColour) {
        let decided = TriageDecided {
            case_id,
            region: self.code,
            type_code: "neighbour".to_owned(),
            route: "peoples_mediation".to_owned(),
            track: Track::Simple,
            colour,
            as_proposed: true,
            decided_by: "officer".to_owned(),
            decided_at: self.time.now(),
        };
        let envelope = Envelope {
            event_type: TriageDecided::event_type(Service::Triage),
            service: Service::Triage,
            subject: case_id.uuid(),
            ..self.next()
        };
        let body = serde_json::to_string(&decided).unwrap();
        let subject = TriageDecided::subject(Service::Triage);
        publish(&self.anybody("plat").await, &envelope, &subject, &body).await;
    }

    /// Answers in the place of intake, until the test ends, what a case's dossier is; it does not have `unknown`, and that of `large`
    /// is larger than a message may be.
    #[expect(
        clippy::disallowed_methods,
        reason = "played by the test: an answer is no event"
    )]
    pub async fn answer_dossiers(&self, unknown: CaseId, large: CaseId) {
        let (client, region) = (self.anybody("plat").await, self.code);
        let mut asked = client.subscribe(CaseDossier::subject()).await.unwrap();
        // Any reply on this connection says that the server has read so far.
        _ = client.request("_nobody", "".into()).await;
        tokio::spawn(async move {
            while let Some(message) = asked.next().await {
                let question: CaseDossier = serde_json::from_slice(&message.payload).unwrap();
                let answer = Dossier {
                    case_id: question.case_id,
                    matters: match question.case_id == large {
                        true => vec![matter(region, "长".repeat(230_000))],
                        false => Vec::new(),
                    },
                };
                let answer = match question.case_id == unknown {
                    true => json!({ "problem": "not-found" }),
                    false => json!({ "answer": answer }),
                };
                let answer = answer.to_string();
                let inbox = message.reply.unwrap();
                client.publish(inbox, answer.into()).await.unwrap();
            }
        });
    }

    /// Waits until the facts made here are with the border desk: what is lost of EVENTS after that is no matter of this test.
    pub async fn taken(&self, count: usize) {
        eventually("the border desk has all facts", async || {
            let facts = self
                .count("up_outbox WHERE event_type LIKE '%.fact.sent.v1'")
                .await;
            facts >= i64::try_from(count).unwrap()
        })
        .await;
    }

    /// Waits until everything of the border desk is on the streams.
    pub async fn published(&self) {
        eventually("all is published", async || {
            self.count("up_outbox WHERE stream_seq IS NULL").await == 0
        })
        .await;
    }

    /// A copy of the database. The border desk must be stopped.
    pub async fn back_up(&self) -> String {
        let copy = format!("{}_copy", self.database.name());
        self.database_command(&format!(
            "CREATE DATABASE {copy} TEMPLATE {}",
            self.database.name()
        ))
        .await;
        copy
    }

    /// Puts a copy in the place of the database. The border desk must be stopped.
    pub async fn restore(&self, copy: &str) {
        let name = self.database.name();
        self.database_command(&format!("DROP DATABASE {name} WITH (FORCE)"))
            .await;
        self.database_command(&format!("ALTER DATABASE {copy} RENAME TO {name}"))
            .await;
    }

    async fn database_command(&self, sql: &str) {
        let name = self.database.name();
        let admin = self
            .database
            .admin_url()
            .replace(&format!("/{name}"), "/postgres");
        let admin = connect(&admin).await.unwrap();
        // Connections that are just being closed.
        let close =
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
        admin.query(close, &[&name]).await.unwrap();
        admin.batch_execute(sql).await.unwrap();
    }

    /// The same node on a new machine: its keys are kept, its database and its streams are empty. Children find it where it
    /// was.
    pub async fn move_to_a_new_machine(&mut self) {
        self.crash().await;
        self.nats.kill9().await;
        self.nats = start_nats(&self.keys, self.leafs, &self.tls, &self.directory).await;
        self.database = migrated::<Federation>().await.unwrap();
        self.config.nats.url = self.nats.url();
        self.config.database.url = self.database.url("postgres");
        self.config.database.admin_url = Some(self.database.admin_url().into());
    }
}

fn matter(region: RegionCode, narrative: String) -> DossierMatter {
    DossierMatter {
        matter_id: Time::system().id(),
        region,
        acceptance_number: "（2026）枫受字第000001号".to_owned(),
        class: MatterClass::Dispute,
        source: "public".to_owned(),
        channel: "window".to_owned(),
        type_hint: None,
        narrative,
        amount_fen: None,
        persons_involved: 2,
        notice_version: "2026-01".to_owned(),
        organisation_id: None,
        registered_at: now(),
        accepted_at: now(),
        parties: Vec::new(),
    }
}

async fn publish(client: &Client, envelope: &Envelope, subject: &str, body: &str) {
    let mut headers = HeaderMap::new();
    for (name, value) in envelope.headers() {
        headers.insert(name, value.as_str());
    }
    headers.insert(header::MSG_ID, envelope.id.to_string().as_str());
    loop {
        let request = async_nats::Request::new()
            .headers(headers.clone())
            .payload(body.to_owned().into())
            .timeout(Some(Duration::from_secs(2)));
        let answer = client.send_request(subject.to_owned(), request).await;
        if answer.is_ok_and(|answer| !answer.payload.windows(7).any(|w| w == b"\"error\"")) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.lifecycle.kill();
    }
}

async fn start_nats(keys: &NodeKeys, leafs: u16, tls: &TlsFiles, directory: &TempDir) -> TestNats {
    let links = Links {
        accounts: directory.path().join("accounts"),
        leafs: Some(Listener {
            address: format!("127.0.0.1:{leafs}"),
            tls: tls.clone(),
        }),
        websocket: None,
        parent_over_websocket: false,
    };
    // Ten nodes of six tests sign their challenges on two cores at once: the usual two seconds are a matter of luck then.
    let patient = "authorization { timeout: 30 }\n";
    let options = NatsOptions {
        name: format!("node-{}", keys.code()),
        domain: Some(domain(keys.code())),
        config: keys.links_config(&links, now()).unwrap() + patient,
        ..NatsOptions::for_tests()
    };
    TestNats::with(options).await.unwrap()
}

/// Waits until `done` says so, as long as a source that lost its parent may take.
pub async fn eventually(what: &str, done: impl AsyncFn() -> bool) {
    let started = std::time::Instant::now();
    while !done().await {
        assert!(
            started.elapsed() < Duration::from_secs(240),
            "not in time: {what}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
