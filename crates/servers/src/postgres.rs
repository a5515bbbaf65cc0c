//! A private PostgreSQL process.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Error;
use crate::cluster::{Cluster, PostgresOptions};
use crate::error::Context;
use crate::ports;
use crate::process::ServerProcess;

/// Crash recovery of a big data directory takes long; a server that is up says so within a fraction of a second.
const START_LIMIT: Duration = Duration::from_mins(2);
/// How long another server may still hold the directory: one that was told to stop because its parent died.
const HANDOVER_LIMIT: Duration = Duration::from_secs(30);
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// A PostgreSQL of our own. Dropping it stops the server.
#[derive(Debug)]
pub struct PrivatePostgres {
    cluster: Cluster,
    port: u16,
    process: Option<ServerProcess>,
    _lock: File,
}

impl PrivatePostgres {
    /// Starts a server on the data in `directory`, made when it is empty, and waits until it accepts connections. It comes
    /// back on the port of the last time when that is free.
    ///
    /// # Errors
    /// [`Error::Busy`] when another process runs a server in this directory; otherwise why it did not start, with its log.
    pub async fn start(directory: &Path, options: PostgresOptions) -> Result<Self, Error> {
        let lock = lock(directory)?;
        let cluster = Cluster::prepare(directory, options).await?;
        let remembered = cluster.home().join("port");
        let last = fs::read_to_string(&remembered)
            .ok()
            .and_then(|text| text.trim().parse().ok());
        let mut postgres = Self {
            cluster,
            port: last.unwrap_or_default(),
            process: None,
            _lock: lock,
        };
        if postgres.port == 0 || !ports::is_free(postgres.port) {
            postgres.port = ports::free_port().context("find a free port for", directory)?;
        }
        postgres.launch(true).await?;
        fs::write(&remembered, postgres.port.to_string()).context("write", &remembered)?;
        Ok(postgres)
    }

    async fn launch(&mut self, may_change_port: bool) -> Result<(), Error> {
        let deadline = Instant::now() + HANDOVER_LIMIT;
        loop {
            let mut process = ServerProcess::spawn(
                "postgres",
                &self.cluster.command_line(self.port)?,
                &self.cluster.log(),
            )?;
            if self.until_ready(&mut process).await? {
                self.process = Some(process);
                return Ok(());
            }
            let said = process.log_tail();
            let port_taken = said.contains("could not bind")
                || said.contains("could not create any TCP/IP sockets");
            let directory_taken = said.contains("pre-existing shared memory block")
                || said.contains("postmaster.pid");
            if Instant::now() > deadline || !(port_taken || directory_taken) {
                return Err(process.failure("the server ended while starting"));
            }
            if port_taken && may_change_port {
                self.port =
                    ports::free_port().context("find a free port for", self.cluster.home())?;
            } else {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }

    /// False when the process has ended.
    async fn until_ready(&self, process: &mut ServerProcess) -> Result<bool, Error> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            if process.exited().is_some() {
                return Ok(false);
            }
            if self
                .cluster
                .ready()
                .is_some_and(|(pid, _)| pid == process.pid())
            {
                return Ok(true);
            }
            if Instant::now() > deadline {
                return Err(process.failure(format!("not ready after {} s", START_LIMIT.as_secs())));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Stops the server cleanly: open transactions are rolled back, everything committed is on disk.
    ///
    /// # Errors
    /// [`Error::Server`] when it had to be killed.
    pub async fn stop(&mut self) -> Result<(), Error> {
        let Some(mut process) = self.process.take() else {
            return Ok(());
        };
        process.signal(Signal::INT);
        if process.wait(STOP_LIMIT).await {
            return Ok(());
        }
        Err(process.failure(format!(
            "still running after {} s, killed",
            STOP_LIMIT.as_secs()
        )))
    }

    /// Kills the server and all its processes at once with SIGKILL, as a crash of the machine would, and waits until they are
    /// gone. Nothing happens when it is not running.
    pub async fn kill9(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        let workers = children_of(process.pid());
        process.signal(Signal::KILL);
        for worker in &workers {
            let _ = kill_process(*worker, Signal::KILL);
        }
        process.wait(STOP_LIMIT).await;
        let deadline = Instant::now() + STOP_LIMIT;
        while workers.iter().any(|worker| is_alive(*worker)) && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Starts it again on the same port and data; stops it before when it still runs.
    ///
    /// # Errors
    /// As [`Self::start`] and [`Self::stop`].
    pub async fn restart(&mut self) -> Result<(), Error> {
        self.stop().await?;
        self.launch(false).await
    }

    /// The URL of a database for a role. It carries the password only for the superuser `postgres`.
    #[must_use]
    pub fn url(&self, database: &str, role: &str) -> String {
        self.cluster.url(self.port, database, role)
    }

    /// The URL of the database `postgres` for the superuser.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.cluster.admin_url(self.port)
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.cluster.log()
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            process.signal(Signal::INT);
            process.wait_blocking(STOP_LIMIT);
        }
    }
}

/// One owner per directory; the lock goes with the process that holds it.
pub(crate) fn lock(directory: &Path) -> Result<File, Error> {
    fs::create_dir_all(directory).context("create", directory)?;
    let path = directory.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .context("open", &path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::Busy(directory.to_path_buf())),
        Err(fs::TryLockError::Error(error)) => Err(error).context("lock", &path),
    }
}

/// The processes whose parent is `pid`, from `/proc`.
fn children_of(pid: u32) -> Vec<Pid> {
    let numbers = fs::read_dir("/proc").into_iter().flatten().flatten();
    numbers
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter(|number| status(*number).is_some_and(|(_, parent)| parent == pid))
        .filter_map(Pid::from_raw)
        .collect()
}

fn is_alive(pid: Pid) -> bool {
    status(pid.as_raw_nonzero().get()).is_some_and(|(state, _)| state != "Z")
}

/// State letter and parent of a process: the two fields after the name, which is in parentheses and may contain anything.
fn status(pid: i32) -> Option<(String, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}
