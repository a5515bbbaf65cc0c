//! A private nats-server process with JetStream.

use std::fmt::Write;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::error::Context;
use crate::process::{self, ServerProcess};
use crate::{Error, binaries, ports, postgres};

const START_LIMIT: Duration = Duration::from_mins(2);
const STOP_LIMIT: Duration = Duration::from_secs(20);
const PORT_ATTEMPTS: u32 = 20;
/// What the streams of a server may reserve together. The limits of streams are reservations: by default the server refuses
/// a stream that could grow beyond three quarters of what is free on the disk now.
const STORE_LIMIT: &str = "1TB";

/// How a private nats-server is set up.
#[derive(Debug, Clone)]
pub struct NatsOptions {
    /// Its name, shown in logs and monitoring.
    pub name: String,
    /// A stored message is on disk before it is acknowledged (`sync_interval: always`). Off, a power cut loses up to two
    /// minutes of acknowledged messages; a killed process loses none either way.
    pub sync_always: bool,
    /// Bytes a message may have.
    pub max_payload: u32,
    /// Its JetStream domain, where servers are linked; each needs one of its own.
    pub domain: Option<String>,
    /// More of its configuration file, as text: `authorization { … }`, `accounts { … }`.
    pub config: String,
}

impl Default for NatsOptions {
    fn default() -> Self {
        Self {
            name: "fengqiao".to_owned(),
            sync_always: true,
            max_payload: 1024 * 1024,
            domain: None,
            config: String::new(),
        }
    }
}

impl NatsOptions {
    /// Messages are not synced one by one.
    #[must_use]
    pub fn for_tests() -> Self {
        Self {
            sync_always: false,
            ..Self::default()
        }
    }
}

/// A nats-server of our own. Dropping it stops the server.
#[derive(Debug)]
pub struct PrivateNats {
    directory: PathBuf,
    options: NatsOptions,
    port: u16,
    monitoring_port: u16,
    process: Option<ServerProcess>,
    _lock: File,
}

impl PrivateNats {
    /// Starts a server whose streams are kept in `directory` and waits until JetStream is ready. It comes back on the ports
    /// of the last time when they are free.
    ///
    /// # Errors
    /// [`Error::Busy`] when another process runs a server in this directory; otherwise why it did not start, with its log.
    pub async fn start(directory: &Path, options: NatsOptions) -> Result<Self, Error> {
        let lock = postgres::lock(directory)?;
        let directory = directory.canonicalize().context("find", directory)?;
        let remembered = directory.join("ports");
        let (port, monitoring_port) = read_ports(&remembered).unwrap_or_default();
        let mut nats = Self {
            directory,
            options,
            port,
            monitoring_port,
            process: None,
            _lock: lock,
        };
        process::rotate(&nats.log());
        nats.change_ports_that_are_taken()?;
        nats.launch(true).await?;
        fs::write(
            &remembered,
            format!("{} {}", nats.port, nats.monitoring_port),
        )
        .context("write", &remembered)?;
        Ok(nats)
    }

    fn change_ports_that_are_taken(&mut self) -> Result<(), Error> {
        for port in [&mut self.port, &mut self.monitoring_port] {
            if *port == 0 || !ports::is_free(*port) {
                *port = ports::free_port().context("find a free port for", &self.directory)?;
            }
        }
        // Nobody listened on it when it was given the second time either.
        while self.monitoring_port == self.port {
            self.monitoring_port =
                ports::free_port().context("find a free port for", &self.directory)?;
        }
        Ok(())
    }

    async fn launch(&mut self, may_change_ports: bool) -> Result<(), Error> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let config = self.directory.join("nats.conf");
            fs::write(&config, self.config()).context("write", &config)?;
            let mut line = process::bound_to_parent(&binaries::nats_server()?, None, "TERM")?;
            line.extend(["--config".into(), config.into_os_string()]);
            let mut process = ServerProcess::spawn("nats-server", &line, &self.log())?;
            if self.until_ready(&mut process).await? {
                self.process = Some(process);
                return Ok(());
            }
            if attempt >= PORT_ATTEMPTS || !process.log_tail().contains("address already in use") {
                return Err(process.failure("the server ended while starting"));
            }
            if may_change_ports {
                self.change_ports_that_are_taken()?;
            } else {
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        }
    }

    fn config(&self) -> String {
        let NatsOptions {
            name,
            sync_always,
            max_payload,
            domain,
            config,
        } = &self.options;
        let store = self.directory.join("jetstream");
        let mut text = format!(
            "server_name: \"{name}\"\nlisten: \"127.0.0.1:{}\"\nhttp: \"127.0.0.1:{}\"\nmax_payload: {max_payload}\n\
             ports_file_dir: \"{}\"\n",
            self.port,
            self.monitoring_port,
            self.directory.display()
        );
        let sync = if *sync_always {
            "\n  sync_interval: always"
        } else {
            ""
        };
        let domain = domain
            .as_ref()
            .map_or_else(String::new, |domain| format!("\n  domain: {domain}"));
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "jetstream {{\n  store_dir: \"{}\"\n  max_file_store: {STORE_LIMIT}{sync}{domain}\n}}\n{config}\n",
            store.display()
        );
        text
    }

    /// False when the process has ended.
    async fn until_ready(&self, process: &mut ServerProcess) -> Result<bool, Error> {
        let deadline = Instant::now() + START_LIMIT;
        // Written once the ports are open, under the process id: proof that the one who listens is this process.
        let opened = self
            .directory
            .join(format!("nats-server_{}.ports", process.pid()));
        loop {
            if process.exited().is_some() {
                let _ = fs::remove_file(&opened);
                return Ok(false);
            }
            if opened.exists() && is_healthy(self.monitoring_port).await.unwrap_or(false) {
                let _ = fs::remove_file(&opened);
                return Ok(true);
            }
            if Instant::now() > deadline {
                return Err(process.failure(format!("not ready after {} s", START_LIMIT.as_secs())));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Stops the server cleanly.
    ///
    /// # Errors
    /// [`Error::Server`] when it had to be killed.
    pub async fn stop(&mut self) -> Result<(), Error> {
        let Some(mut process) = self.process.take() else {
            return Ok(());
        };
        process.signal(Signal::TERM);
        if process.wait(STOP_LIMIT).await {
            return Ok(());
        }
        Err(process.failure(format!(
            "still running after {} s, killed",
            STOP_LIMIT.as_secs()
        )))
    }

    /// Kills the server with SIGKILL and waits until it is gone. Nothing happens when it is not running.
    pub async fn kill9(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        process.signal(Signal::KILL);
        process.wait(STOP_LIMIT).await;
    }

    /// Starts it again on the same ports and data; stops it before when it still runs.
    ///
    /// # Errors
    /// As [`Self::start`] and [`Self::stop`].
    pub async fn restart(&mut self) -> Result<(), Error> {
        self.stop().await?;
        self.launch(false).await
    }

    /// Deletes every stream and consumer while the server is down, as a lost disk would.
    ///
    /// # Errors
    /// [`Error::Machine`] when it is running; [`Error::Io`] when the files cannot be deleted.
    pub fn lose_store(&mut self) -> Result<(), Error> {
        self.must_be_down()?;
        let store = self.directory.join("jetstream");
        match fs::remove_dir_all(&store) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).context("delete", &store)
            }
            _ => Ok(()),
        }
    }

    /// Copies the store while the server is down, as a backup would; put back later it is a store that was rolled back.
    ///
    /// # Errors
    /// [`Error::Machine`] when it is running; [`Error::Io`] when the files cannot be copied.
    pub fn copy_store(&self) -> Result<PathBuf, Error> {
        self.must_be_down()?;
        let backup = self.directory.join("jetstream-backup");
        copy_tree(&self.directory.join("jetstream"), &backup)?;
        Ok(backup)
    }

    /// Puts a copy of the store back while the server is down.
    ///
    /// # Errors
    /// [`Error::Machine`] when it is running; [`Error::Io`] when the files cannot be copied.
    pub fn put_store(&mut self, backup: &Path) -> Result<(), Error> {
        self.lose_store()?;
        copy_tree(backup, &self.directory.join("jetstream"))
    }

    fn must_be_down(&self) -> Result<(), Error> {
        if self.process.is_some() {
            return Err(Error::Machine(
                "stop nats-server before its store is touched".to_owned(),
            ));
        }
        Ok(())
    }

    /// `nats://127.0.0.1:<port>`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// `http://127.0.0.1:<port>`, where `/varz`, `/jsz` and `/healthz` are.
    #[must_use]
    pub fn monitoring_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.monitoring_port)
    }

    /// The port clients connect to, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.directory.join("nats.log")
    }
}

impl Drop for PrivateNats {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            process.signal(Signal::TERM);
            process.wait_blocking(STOP_LIMIT);
        }
    }
}

fn read_ports(path: &Path) -> Option<(u16, u16)> {
    let text = fs::read_to_string(path).ok()?;
    let (port, monitoring_port) = text.trim().split_once(' ')?;
    Some((port.parse().ok()?, monitoring_port.parse().ok()?))
}

/// Asks `/healthz`, which says whether all streams have been recovered.
async fn is_healthy(port: u16) -> io::Result<bool> {
    let ask = async {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer
            .lines()
            .next()
            .is_some_and(|status| status.contains(" 200 ")))
    };
    tokio::time::timeout(Duration::from_secs(2), ask)
        .await
        .unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
}

fn copy_tree(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).context("make", to)?;
    for entry in fs::read_dir(from).context("read", from)? {
        let entry = entry.context("read", from)?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_tree(&path, &target)?;
        } else {
            fs::copy(&path, &target).context("copy", &path)?;
        }
    }
    Ok(())
}
