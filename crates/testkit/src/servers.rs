//! One PostgreSQL for all test processes of this work tree.
//!
//! Every test runs in a process of its own (nextest), so the server cannot belong to one of them. The first test that needs
//! it starts it, detached, under a small shell script that stops it once no test process has been alive for
//! [`IDLE_SECONDS`]: after the run, after Ctrl-C, after a kill. Its data stays in `target/test-servers`, so the next run
//! starts at once and finds the template databases. Where `TMPDIR` is set, it is there: `make test` has one in memory.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ::servers::process::ServerProcess;
use ::servers::{Cluster, PostgresOptions, free_port};
use anyhow::{Context, Result, bail};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use crate::postgres;

/// How long the shared server waits for the next test.
pub const IDLE_SECONDS: u32 = 10;
const START_LIMIT: Duration = Duration::from_mins(1);
const ATTEMPTS: u32 = 50;

/// The PostgreSQL all tests share: nothing is synced, everybody is let in, every test has a database of its own.
#[derive(Debug)]
pub(crate) struct SharedPostgres {
    cluster: Cluster,
    port: u16,
    /// Held as long as this process lives.
    _in_use: File,
}

impl SharedPostgres {
    /// Finds the server or starts it.
    pub(crate) async fn get() -> Result<&'static Self> {
        static SHARED: OnceCell<SharedPostgres> = OnceCell::const_new();
        SHARED.get_or_try_init(Self::find_or_start).await
    }

    pub(crate) fn url(&self, database: &str, role: &str) -> String {
        self.cluster.url(self.port, database, role)
    }

    pub(crate) fn admin_url(&self) -> String {
        self.cluster.admin_url(self.port)
    }

    async fn find_or_start() -> Result<Self> {
        let directory = directory()?;
        fs::create_dir_all(&directory)
            .with_context(|| format!("create {}", directory.display()))?;
        let in_use = directory.join("in-use.lock");
        let (held, _starting) = {
            let (in_use, starting) = (in_use.clone(), directory.join("starting.lock"));
            // In this order: the script that stops a server takes the first one only.
            spawn_blocking(move || {
                anyhow::Ok((
                    lock(&in_use, File::lock_shared)?,
                    lock(&starting, File::lock)?,
                ))
            })
            .await??
        };
        let cluster = Cluster::prepare(&directory.join("postgres"), options()).await?;
        if let Some((_, port)) = cluster.ready()
            && serves(&cluster, port).await
        {
            return Ok(Self {
                cluster,
                port,
                _in_use: held,
            });
        }
        let port = start(&cluster, &in_use).await?;
        postgres::drop_leftovers(&cluster.admin_url(port)).await?;
        Ok(Self {
            cluster,
            port,
            _in_use: held,
        })
    }
}

fn options() -> PostgresOptions {
    let settings = [
        ("autovacuum", "off"),
        ("synchronous_commit", "off"),
        ("max_wal_size", "256MB"),
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
    ];
    let settings = settings
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    PostgresOptions {
        max_connections: 500,
        settings,
        ..PostgresOptions::for_tests()
    }
}

/// Per user: what root's tests left behind, others cannot use. Per work tree: they have other templates.
fn directory() -> Result<PathBuf> {
    let user = fs::metadata("/proc/self").context("who am I")?.uid();
    let tree = env!("CARGO_MANIFEST_DIR");
    Ok(match env::var_os("TMPDIR") {
        Some(scratch) => {
            let tree = postgres::hash(tree);
            Path::new(&scratch).join(format!("fengqiao-tests-{user}-{tree:016x}"))
        }
        None => Path::new(tree).join(format!("../../target/test-servers/user-{user}")),
    })
}

fn lock(path: &Path, kind: fn(&File) -> std::io::Result<()>) -> Result<File> {
    let open = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path);
    let file = open.with_context(|| format!("open {}", path.display()))?;
    kind(&file).with_context(|| format!("lock {}", path.display()))?;
    Ok(file)
}

/// True when the server on the port is the one of this data directory, not a stranger that got the port later.
async fn serves(cluster: &Cluster, port: u16) -> bool {
    let asked = async {
        let client = postgres::connect(&cluster.admin_url(port)).await?;
        anyhow::Ok(
            client
                .query_one("SHOW data_directory", &[])
                .await?
                .get::<_, String>(0),
        )
    };
    asked
        .await
        .is_ok_and(|directory| Path::new(&directory) == cluster.data())
}

async fn start(cluster: &Cluster, in_use: &Path) -> Result<u16> {
    for _ in 0..ATTEMPTS {
        let port = free_port()?;
        // In a process group of its own, so that neither Ctrl-C nor nextest's signals to a test's group reach it.
        let mut line: Vec<OsString> = [
            "bash",
            "-c",
            include_str!("keep_while_used.sh"),
            "keep_while_used.sh",
        ]
        .map(Into::into)
        .to_vec();
        line.extend([IDLE_SECONDS.to_string().into(), in_use.into()]);
        line.extend(cluster.command_line(port)?);
        let mut keeper = ServerProcess::spawn("postgres", &line, &cluster.log())?;
        let deadline = Instant::now() + START_LIMIT;
        while keeper.exited().is_none() {
            if serves(cluster, port).await {
                keeper.let_go();
                return Ok(port);
            }
            if Instant::now() > deadline {
                return Err(keeper
                    .failure(format!("not ready after {} s", START_LIMIT.as_secs()))
                    .into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // The port was taken meanwhile, or the last server is still going down.
        let said = keeper.log_tail();
        let passing = [
            "could not bind",
            "postmaster.pid",
            "pre-existing shared memory block",
        ];
        if !passing.iter().any(|reason| said.contains(reason)) {
            return Err(keeper
                .failure("the shared server ended while starting")
                .into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bail!("the shared PostgreSQL did not start in {ATTEMPTS} attempts")
}
