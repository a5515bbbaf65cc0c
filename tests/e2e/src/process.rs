//! One process of a node.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use servers::process::ServerProcess;

const STOP_LIMIT: Duration = Duration::from_secs(40);

/// A running `fengqiao serve …`. It ends with this value, and with the test when that is killed.
#[derive(Debug)]
pub struct Process {
    inner: ServerProcess,
    log: PathBuf,
}

impl Process {
    /// Starts the program; what it prints is appended to `log`.
    pub fn start(
        program: &Path,
        arguments: &[OsString],
        variables: &[(String, String)],
        log: &Path,
    ) -> Result<Self> {
        let mut line: Vec<OsString> = vec!["env".into()];
        line.extend(
            variables
                .iter()
                .map(|(name, value)| format!("{name}={value}").into()),
        );
        line.extend(["setpriv", "--pdeathsig", "KILL", "--"].map(OsString::from));
        line.push(program.into());
        line.extend_from_slice(arguments);
        Ok(Self {
            inner: ServerProcess::spawn("fengqiao", &line, log)?,
            log: log.to_owned(),
        })
    }

    /// An error with the end of the log when it has ended.
    pub fn check_alive(&mut self) -> Result<()> {
        match self.inner.exited() {
            None => Ok(()),
            Some(status) => bail!("the process has ended: {status}\n{}", self.inner.log_tail()),
        }
    }

    /// Everything it has printed.
    pub fn printed(&self) -> Result<String> {
        let bytes = std::fs::read(&self.log).with_context(|| self.log.display().to_string())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Kills it at once and waits until it is gone.
    pub async fn kill9(mut self) -> Result<()> {
        self.end(Signal::KILL).await.map(drop)
    }

    /// Asks it to stop and waits for that.
    pub async fn terminate(mut self) -> Result<ExitStatus> {
        self.end(Signal::TERM).await
    }

    async fn end(&mut self, signal: Signal) -> Result<ExitStatus> {
        if self.inner.exited().is_none() {
            let pid = i32::try_from(self.inner.pid())
                .ok()
                .and_then(Pid::from_raw)
                .context("no process id")?;
            kill_process(pid, signal)?;
            self.inner.wait(STOP_LIMIT).await;
        }
        self.inner.exited().with_context(|| {
            format!(
                "still running after {STOP_LIMIT:?}\n{}",
                self.inner.log_tail()
            )
        })
    }
}
