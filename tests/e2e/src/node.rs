//! A node of one's own: the real program on a real PostgreSQL and a real nats-server.

mod settings;
pub mod settle;
pub(crate) mod start;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::PathBuf,
    process::{ExitStatus, Output},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use contracts::{Service, roles::Role};
use servers::{NatsOptions, PostgresOptions, PrivatePostgres};
use tempfile::TempDir;
use testkit::{TestDatabase, TestIssuer, TestNats, TokenBuilder, postgres::Connection};

pub use settings::{Mode, Settings};
pub use start::Refused;

use crate::{cast, client::Api, process::Process};

/// The region every test node serves: 武威.
pub const REGION: &str = "6206";
/// The stream of events.
pub const STREAM: &str = "EVENTS";
/// Password of every login of a test's servers.
const PASSWORD: &str = "test";
/// How long a node may take to become ready.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running node.
pub struct TestNode {
    /// A client of its API.
    pub api: Api,
    /// Issues the tokens it trusts.
    pub issuer: TestIssuer,
    /// Its message server.
    pub nats: TestNats,
    /// Its database.
    pub database: Database,
    settings: Settings,
    program: &'static std::path::Path,
    config: PathBuf,
    ports: BTreeMap<Service, u16>,
    processes: BTreeMap<String, Process>,
    directory: TempDir,
}

/// Where a node's data are.
#[derive(Debug)]
pub enum Database {
    /// A database of the server that all tests share.
    Shared(TestDatabase),
    /// A server of the node's own, which can be killed.
    Own(Box<PrivatePostgres>),
}

impl Database {
    /// Its URL for a role; the superuser is `postgres`.
    #[must_use]
    pub fn url(&self, role: &str) -> String {
        match self {
            Self::Shared(database) => database.url(role),
            Self::Own(server) => server.url("postgres", role),
        }
    }

    /// The server, when it is the node's own.
    ///
    /// # Errors
    /// It is shared.
    pub fn server(&mut self) -> Result<&mut PrivatePostgres> {
        match self {
            Self::Own(server) => Ok(server),
            Self::Shared(_) => anyhow::bail!("a server that all tests share must live"),
        }
    }
}

impl TestNode {
    /// Starts a node in a mode; the rest is as usual.
    ///
    /// # Errors
    /// A server or a process does not start.
    pub async fn start(mode: Mode) -> Result<Self> {
        Self::with(Settings::of(mode)).await
    }

    /// Starts a node.
    ///
    /// # Errors
    /// A server or a process does not start.
    pub async fn with(settings: Settings) -> Result<Self> {
        let mut node = Self::prepare(settings).await?;
        node.start_processes().await?;
        Ok(node)
    }

    /// Servers, schema and configuration of a node whose processes are not running.
    ///
    /// # Errors
    /// A server does not start.
    pub async fn prepare(settings: Settings) -> Result<Self> {
        let program = crate::program::program().await?;
        let directory = tempfile::Builder::new().prefix("fengqiao-e2e-").tempdir()?;
        let issuer = TestIssuer::new()?;
        let jwks = directory.path().join("jwks.json");
        std::fs::write(&jwks, issuer.jwks().to_string())?;
        let nats = TestNats::with(NatsOptions {
            config: settings::bus_logins(),
            ..NatsOptions::for_tests()
        })
        .await?;
        let database = match (settings.own_postgres, settings.migrated) {
            (false, false) => Database::Shared(TestDatabase::empty().await?),
            (false, true) => Database::Shared(start::migrated(program).await?),
            (true, _) => {
                let options = PostgresOptions {
                    auth: settings.postgres_auth,
                    ..PostgresOptions::for_tests()
                };
                let home = directory.path().join("postgres");
                Database::Own(Box::new(PrivatePostgres::start(&home, options).await?))
            }
        };
        let config = directory.path().join("fengqiao.toml");
        std::fs::write(
            &config,
            settings::config_file(&jwks, &database.url("postgres"), &nats.url()),
        )?;
        let (ports, addresses) = start::ports(settings.mode)?;
        let node = Self {
            api: Api::new(addresses)?,
            issuer,
            nats,
            database,
            settings,
            program,
            config,
            ports,
            processes: BTreeMap::new(),
            directory,
        };
        if node.settings.own_postgres && node.settings.migrated {
            node.run_well(&["migrate"]).await?;
        }
        Ok(node)
    }

    /// The names of its processes: `all`, or the seven services.
    #[must_use]
    pub fn process_names(&self) -> Vec<String> {
        match self.settings.mode {
            Mode::One => vec!["all".to_owned()],
            Mode::Six => Service::ALL.iter().map(ToString::to_string).collect(),
        }
    }

    /// Starts every process that is not running, and waits until they are ready.
    ///
    /// # Errors
    /// One ends, or is not ready in time.
    pub async fn start_processes(&mut self) -> Result<()> {
        for name in self.process_names() {
            if !self.processes.contains_key(&name) {
                self.launch(&name)?;
            }
        }
        self.wait_until_ready().await
    }

    /// Kills every process at once.
    ///
    /// # Errors
    /// One cannot be killed.
    pub async fn kill9(&mut self) -> Result<()> {
        for name in self.process_names() {
            self.kill9_one(&name).await?;
        }
        Ok(())
    }

    /// Kills one process.
    ///
    /// # Errors
    /// It cannot be killed.
    pub async fn kill9_one(&mut self, name: &str) -> Result<()> {
        match self.processes.remove(name) {
            Some(process) => process.kill9().await,
            None => Ok(()),
        }
    }

    /// Asks every process to stop; gives how each ended.
    ///
    /// # Errors
    /// One does not stop.
    pub async fn terminate(&mut self) -> Result<Vec<(String, ExitStatus)>> {
        let stopping = std::mem::take(&mut self.processes).into_iter();
        let stopping = stopping.map(async |(name, process)| Ok((name, process.terminate().await?)));
        futures_util::future::try_join_all(stopping).await
    }

    /// Runs another command of the program with this node's configuration.
    ///
    /// # Errors
    /// It cannot be run.
    pub async fn run(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = tokio::process::Command::new(self.program);
        command
            .arg("--config")
            .arg(&self.config)
            .args(arguments)
            .kill_on_drop(true);
        let output = tokio::time::timeout(START_LIMIT, command.output());
        output
            .await
            .with_context(|| format!("fengqiao {arguments:?} does not end"))?
            .context("run fengqiao")
    }

    /// [`Self::run`] of a command that must succeed; gives what it prints.
    ///
    /// # Errors
    /// It fails.
    pub async fn run_well(&self, arguments: &[&str]) -> Result<String> {
        let output = self.run(arguments).await?;
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        ensure!(
            output.status.success(),
            "fengqiao {arguments:?}: {}\n{out}{err}",
            output.status
        );
        Ok(format!("{out}{err}"))
    }

    /// Everything the processes have printed.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn printed(&self) -> Result<String> {
        self.processes.values().map(Process::printed).collect()
    }

    /// The database as the superuser.
    ///
    /// # Errors
    /// PostgreSQL does not answer.
    pub async fn sql(&self) -> Result<Connection> {
        testkit::postgres::connect(&self.database.url("postgres")).await
    }

    /// The message server as one who may do everything.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn bus(&self) -> Result<async_nats::Client> {
        let options = async_nats::ConnectOptions::new()
            .user_and_password("tester".to_owned(), PASSWORD.to_owned());
        Ok(options.connect(self.nats.url()).await?)
    }

    /// A token under construction: region of the node, no role yet.
    pub fn token(&self) -> TokenBuilder<'_> {
        self.issuer.token().region(REGION)
    }

    /// A token with one role in the whole node.
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn role(&self, role: Role) -> Result<String> {
        cast::role_in(&self.issuer, role, None)
    }

    /// A token with one role in one organisation.
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn role_in(&self, role: Role, organisation: &str) -> Result<String> {
        cast::role_in(&self.issuer, role, Some(organisation))
    }

    /// Its own directory.
    #[must_use]
    pub fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    fn arguments(&self, name: &str) -> Vec<OsString> {
        vec![
            "--config".into(),
            self.config.clone().into(),
            "serve".into(),
            name.into(),
        ]
    }
}

impl Drop for TestNode {
    /// A failed test shows what the processes said last.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for (name, process) in &self.processes {
            let printed = process.printed().unwrap_or_default();
            let lines: Vec<&str> = printed
                .lines()
                .filter(|line| !line.contains("\"level\":\"DEBUG\""))
                .collect();
            let last = lines
                .get(lines.len().saturating_sub(15)..)
                .unwrap_or_default();
            eprintln!("--- end of the log of {name}\n{}", last.join("\n"));
        }
    }
}
