//! A server as a child process that cannot outlive us.
//!
//! `setpriv --pdeathsig` asks the kernel to signal the server when the *thread* that started it ends, so all servers are
//! started by one thread that lives as long as this process. Each has its own process group: Ctrl-C at the terminal reaches
//! us only, and we stop the servers after the services that use them. Output goes to a log file.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Error;
use crate::account::Account;
use crate::binaries;
use crate::error::Context;

const POLL: Duration = Duration::from_millis(10);
const TAIL_BYTES: u64 = 4_096;
const TAIL_LINES: usize = 20;

/// The command line that runs `program` as `account`, told to stop with `signal` (`INT`, `TERM`) when its parent dies.
pub(crate) fn bound_to_parent(
    program: &Path,
    account: Option<Account>,
    signal: &str,
) -> Result<Vec<OsString>, Error> {
    let mut line = vec![
        binaries::setpriv()?.into_os_string(),
        "--pdeathsig".into(),
        signal.into(),
    ];
    if let Some(Account { uid, gid }) = account {
        line.extend(
            [
                format!("--reuid={uid}"),
                format!("--regid={gid}"),
                "--clear-groups".to_owned(),
            ]
            .map(OsString::from),
        );
    }
    line.extend(["--".into(), program.into()]);
    Ok(line)
}

/// A running (or just ended) server.
#[derive(Debug)]
pub struct ServerProcess {
    server: &'static str,
    let_go: bool,
    child: Child,
    log: PathBuf,
    log_start: u64,
}

impl ServerProcess {
    /// Starts the command line with its output appended to `log`, in a process group of its own.
    ///
    /// # Errors
    /// [`Error::Io`] when the log cannot be opened or the program cannot be run.
    pub fn spawn(server: &'static str, line: &[OsString], log: &Path) -> Result<Self, Error> {
        let output = File::options()
            .create(true)
            .append(true)
            .open(log)
            .context("open", log)?;
        let log_start = output.metadata().context("read", log)?.len();
        let errors = output.try_clone().context("open", log)?;
        let [program, arguments @ ..] = line else {
            return Err(Error::Machine(format!("{server}: empty command line")));
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors);
        let child = spawn_from_lasting_thread(command).context("run", Path::new(program))?;
        Ok(Self {
            server,
            let_go: false,
            child,
            log: log.to_path_buf(),
            log_start,
        })
    }

    /// The process id; setpriv becomes the server, so it is the server's own.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The exit status, once it has ended.
    pub fn exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Sends a signal; nothing happens when the process has ended and been waited for.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if self.exited().is_none()
            && let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
        {
            let _ = kill_process(pid, signal);
        }
    }

    /// Waits until it has ended; false when it still runs after `limit`.
    pub async fn wait(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while self.exited().is_none() {
            if Instant::now() >= deadline {
                return false;
            }
            tokio::time::sleep(POLL).await;
        }
        true
    }

    /// [`Self::wait`] for destructors.
    pub(crate) fn wait_blocking(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while self.exited().is_none() {
            if Instant::now() >= deadline {
                return false;
            }
            thread::sleep(POLL);
        }
        true
    }

    /// From now on it lives without us: dropping this value leaves it running.
    pub fn let_go(&mut self) {
        self.let_go = true;
    }

    /// What the server has logged since it was started, at most the last lines.
    #[must_use]
    pub fn log_tail(&self) -> String {
        tail(&self.log, self.log_start).unwrap_or_else(|error| format!("(unreadable: {error})"))
    }

    /// An error that carries the end of the log.
    #[must_use]
    pub fn failure(&self, what: impl Into<String>) -> Error {
        Error::Server {
            server: self.server,
            what: what.into(),
            log: self.log.clone(),
            tail: self.log_tail(),
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if !self.let_go && !self.wait_blocking(Duration::ZERO) {
            self.signal(Signal::KILL);
            self.wait_blocking(Duration::from_secs(5));
        }
    }
}

/// The last lines of a log, from byte `start` on.
pub(crate) fn tail(log: &Path, start: u64) -> io::Result<String> {
    let mut file = File::open(log)?;
    let from = file.metadata()?.len().saturating_sub(TAIL_BYTES).max(start);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    Ok(lines
        .get(lines.len().saturating_sub(TAIL_LINES)..)
        .unwrap_or_default()
        .join("\n"))
}

/// Keeps a log from growing for ever: the old one is kept once.
pub(crate) fn rotate(log: &Path) {
    if fs::metadata(log).is_ok_and(|found| found.len() > 16 * 1024 * 1024) {
        let _ = fs::rename(log, log.with_extension("log.1"));
    }
}

struct Job {
    command: Command,
    reply: mpsc::Sender<io::Result<Child>>,
}

fn spawn_from_lasting_thread(command: Command) -> io::Result<Child> {
    static JOBS: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
    let jobs = JOBS.get_or_init(|| {
        let (sender, receiver) = mpsc::channel::<Job>();
        let run = move || {
            for mut job in receiver {
                let _ = job.reply.send(job.command.spawn());
            }
        };
        // When no thread can be made the receiver is dropped and every send below reports it.
        let _ = thread::Builder::new()
            .name("server-starter".to_owned())
            .spawn(run);
        sender
    });
    let (reply, answer) = mpsc::channel();
    let gone = || io::Error::other("the thread that starts servers is gone");
    jobs.send(Job { command, reply }).map_err(|_| gone())?;
    answer.recv().map_err(|_| gone())?
}
