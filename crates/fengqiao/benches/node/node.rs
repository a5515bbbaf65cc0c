//! The node under test: PostgreSQL and nats-server of its own, as durable as in operation, and `fengqiao serve all` as a process.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use contracts::Service;
use servers::{NatsOptions, PostgresOptions, PrivateNats, PrivatePostgres};
use testkit::{TestIssuer, postgres::Connection};
use tokio::process::{Child, Command};

/// The region the node serves: 武威.
pub const REGION: &str = "6206";
/// Password of every login; the servers listen on the loopback address.
const PASSWORD: &str = "bench";
const STREAM: &str = "EVENTS";
const START_LIMIT: Duration = Duration::from_mins(2);

/// PostgreSQL as for a machine of this size; what decides over safety stays as it is by default.
const SETTINGS: [(&str, &str); 10] = [
    ("shared_buffers", "2GB"),
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "15min"),
    ("maintenance_work_mem", "1GB"),
    ("random_page_cost", "1.1"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("logging_collector", "on"),
    ("log_destination", "jsonlog"),
    ("log_filename", "bench"),
];

/// Its servers and its process.
pub struct Node {
    /// `http://…`
    pub base: String,
    /// Issues the tokens it trusts.
    pub issuer: TestIssuer,
    /// The process id of PostgreSQL.
    pub postgres_pid: u32,
    /// The process id of nats-server.
    pub nats_pid: u32,
    /// PostgreSQL's log of statements.
    pub statements_log: PathBuf,
    config: PathBuf,
    directory: PathBuf,
    process: Option<Child>,
    nats: PrivateNats,
    postgres: PrivatePostgres,
}

impl Node {
    /// Servers with an empty schema.
    pub async fn prepare(directory: &Path) -> Result<Self> {
        let settings = SETTINGS.iter().map(|(k, v)| ((*k).into(), (*v).into()));
        let mut settings: Vec<(String, String)> = settings.collect();
        settings.push((
            "shared_preload_libraries".into(),
            "pg_stat_statements".into(),
        ));
        let options = PostgresOptions {
            settings,
            ..PostgresOptions::default()
        };
        let postgres = PrivatePostgres::start(&directory.join("postgres"), options).await?;
        let logins = chassis::bus::authorization(STREAM, |_| PASSWORD.to_owned());
        let nats_options = NatsOptions {
            config: logins,
            ..NatsOptions::default()
        };
        let nats = PrivateNats::start(&directory.join("nats"), nats_options).await?;
        let issuer = TestIssuer::new()?;
        let jwks = directory.join("jwks.json");
        fs::write(&jwks, issuer.jwks().to_string())?;
        let port = servers::free_port()?;
        let config = directory.join("fengqiao.toml");
        let url = postgres.admin_url();
        fs::write(&config, config_file(&jwks, &url, &nats.url(), port))?;

        let sql = testkit::postgres::connect(&url).await?;
        sql.batch_execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            .await?;
        let data: String = sql.query_one("SHOW data_directory", &[]).await?.get(0);
        let data = PathBuf::from(data);
        let pids = fs::read_to_string(data.join("postmaster.pid"))?;
        let postgres_pid = pids
            .lines()
            .next()
            .context("postmaster.pid")?
            .trim()
            .parse()?;
        let node = Self {
            base: format!("http://127.0.0.1:{port}"),
            issuer,
            postgres_pid,
            nats_pid: pid_with_argument(&directory.join("nats/nats.conf"))?,
            statements_log: data.join("log/bench.json"),
            config,
            directory: directory.to_owned(),
            process: None,
            nats,
            postgres,
        };
        node.migrate().await?;
        Ok(node)
    }

    async fn migrate(&self) -> Result<()> {
        let migrated = self.command("migrate").output().await?;
        ensure!(
            migrated.status.success(),
            "migrate: {}",
            String::from_utf8_lossy(&migrated.stderr)
        );
        Ok(())
    }

    fn command(&self, argument: &str) -> Command {
        let program = std::env::var_os("FENGQIAO_BIN")
            .unwrap_or_else(|| env!("CARGO_BIN_EXE_fengqiao").into());
        let mut command = Command::new(program);
        command.arg("--config").arg(&self.config).arg(argument);
        command.kill_on_drop(true);
        command
    }

    /// Starts `serve all` and waits until it is ready.
    pub async fn start(&mut self) -> Result<()> {
        let log = File::create(self.directory.join("node.log"))?;
        let mut process = self
            .command("serve")
            .arg("all")
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log))
            .spawn()?;
        let (http, asked) = (client(Duration::from_secs(5))?, Instant::now());
        loop {
            let ready = http.get(format!("{}/readyz", self.base)).send().await;
            if ready.is_ok_and(|ready| ready.status().is_success()) {
                break;
            }
            if let Some(status) = process.try_wait()? {
                bail!(
                    "the node ended ({status}): {}/node.log",
                    self.directory.display()
                );
            }
            ensure!(asked.elapsed() < START_LIMIT, "the node is not ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.process = Some(process);
        Ok(())
    }

    /// Stops `serve all`; its servers go on.
    pub async fn stop(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            signal(process.id().context("the node has ended")?, "TERM").await?;
            process.wait().await?;
        }
        Ok(())
    }

    /// Its process id.
    pub fn pid(&self) -> Result<u32> {
        let pid = self.process.as_ref().and_then(Child::id);
        pid.context("the node does not run")
    }

    /// Holds the process where no transaction of its is open, or lets it go on.
    pub async fn hold(&self, hold: bool) -> Result<()> {
        if !hold {
            return signal(self.pid()?, "CONT").await;
        }
        let sql = self.sql().await?;
        for _ in 0..50 {
            signal(self.pid()?, "STOP").await?;
            tokio::time::sleep(Duration::from_millis(200)).await;
            let open = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'fengqiao/%' AND state <> 'idle'";
            if sql.query_one(open, &[]).await?.get::<_, i64>(0) == 0 {
                return Ok(());
            }
            signal(self.pid()?, "CONT").await?;
            tokio::time::sleep(Duration::from_millis(170)).await;
        }
        bail!("the node is never idle")
    }

    /// PostgreSQL as the superuser.
    pub async fn sql(&self) -> Result<Connection> {
        testkit::postgres::connect(&self.url()).await
    }

    /// Its address for the superuser.
    pub fn url(&self) -> String {
        self.postgres.admin_url()
    }

    /// Stops everything.
    pub async fn end(mut self) -> Result<()> {
        self.stop().await?;
        self.nats.stop().await?;
        Ok(self.postgres.stop().await?)
    }
}

async fn signal(pid: u32, name: &str) -> Result<()> {
    let mut kill = Command::new("kill");
    let sent = kill
        .args([format!("-{name}"), pid.to_string()])
        .status()
        .await?;
    ensure!(sent.success(), "kill -{name} {pid}: {sent}");
    Ok(())
}

/// A client that finds the node and nothing else.
pub fn client(timeout: Duration) -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder()
        .timeout(timeout)
        .no_proxy()
        .tcp_nodelay(true)
        .pool_max_idle_per_host(usize::MAX)
        .build()?)
}

/// The process that was started with this argument.
fn pid_with_argument(argument: &Path) -> Result<u32> {
    let wanted = argument.canonicalize()?;
    let wanted = wanted.to_str().context("no text")?;
    for entry in fs::read_dir("/proc")?.flatten() {
        let line = fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default();
        if line.split('\0').any(|one| one == wanted)
            && let Some(pid) = entry.file_name().to_str().and_then(|n| n.parse().ok())
        {
            return Ok(pid);
        }
    }
    bail!("nats-server not found")
}

/// All as by default, but that a few people make all the requests.
fn config_file(jwks: &Path, admin: &str, nats: &str, port: u16) -> String {
    let issuer = TestIssuer::ISSUER;
    let database = admin.rsplit('@').next().unwrap_or_default();
    let mut text = format!(
        "[node]\nregion = \"{REGION}\"\n\n[http]\nlisten = \"127.0.0.1:{port}\"\nrate_per_second = 0\n\n\
         [auth]\nissuer = \"{issuer}\"\njwks_file = {jwks:?}\n\n\
         [database]\nurl = \"postgres://{database}\"\npassword = \"{PASSWORD}\"\nadmin_url = \"{admin}\"\n\n\
         [nats]\nurl = \"{nats}\"\n"
    );
    for service in Service::ALL {
        let login = format!(
            "\n[nats.services.{}]\nuser = \"{service}\"\npassword = \"{PASSWORD}\"\n",
            service.schema()
        );
        text.push_str(&login);
    }
    text
}
