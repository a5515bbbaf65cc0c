//! A container of a render that runs on this machine: its own command line, variables and files, without the isolation.

use std::{
    collections::BTreeMap,
    fs::File,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use charts_tests::{
    Release, Workload,
    sandbox::{Place, Sandbox},
};
use k8s_openapi::api::core::v1::{Container, Probe};
use rustix::process::{Pid, Signal, kill_process};

/// How long something may take that takes a few seconds.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A container's files, and what runs in them.
pub struct Pod {
    title: String,
    container: Container,
    sandbox: Sandbox,
    variables: BTreeMap<String, String>,
    words: Vec<String>,
    account: Option<(u32, u32)>,
}

impl Pod {
    /// Lays out a container of a workload, by their names.
    pub fn lay_out(
        release: &Release,
        workload: &str,
        container: &str,
        place: Place,
    ) -> Result<Self> {
        let named = format!("{}-{workload}", release.scenario.release);
        let found = release
            .workloads()
            .iter()
            .find(|workload| workload.name.starts_with(&named));
        let workload: &Workload = found.with_context(|| format!("no workload {named}"))?;
        let found = workload
            .containers()
            .find(|found| found.name == container)
            .cloned();
        let container = found.with_context(|| format!("{named} has no container {container}"))?;
        let sandbox = Sandbox::lay_out(release, workload, &container, place)?;
        let variables = sandbox.variables(&container)?;
        let words = sandbox.words(&container, &variables);
        Ok(Self {
            title: workload.title(),
            container,
            sandbox,
            variables,
            words,
            account: None,
        })
    }

    /// As somebody who is not root, which PostgreSQL refuses to run as: all files become theirs.
    pub fn unprivileged(mut self, root: &Path) -> Result<Self> {
        if rustix::process::geteuid().is_root() {
            let accounts = std::fs::read_to_string("/etc/passwd")?;
            let nobody = accounts
                .lines()
                .find(|line| line.starts_with("nobody:"))
                .context("no account nobody")?;
            let numbers: Vec<u32> = nobody
                .split(':')
                .skip(2)
                .take(2)
                .filter_map(|text| text.parse().ok())
                .collect();
            let (uid, gid) = (
                *numbers.first().context("uid")?,
                *numbers.get(1).context("gid")?,
            );
            hand_over(root, uid, gid)?;
            self.account = Some((uid, gid));
        }
        Ok(self)
    }

    /// With one more variable.
    pub fn variable(mut self, name: &str, value: impl ToString) -> Self {
        self.variables.insert(name.to_owned(), value.to_string());
        self
    }

    /// With another command, in the words of the container.
    pub fn words<const N: usize>(mut self, words: [&str; N]) -> Self {
        self.words = words.map(|word| self.sandbox.translate(word)).to_vec();
        self
    }

    /// Runs its command to the end; gives what it printed.
    pub fn run(&self, program: Option<&Path>) -> Result<String> {
        let mut command = self.command(program, &self.words);
        let output = command.output().with_context(|| self.title.clone())?;
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed).into_owned();
        ensure!(
            output.status.success(),
            "{}: {}\n{printed}",
            self.title,
            output.status
        );
        Ok(printed)
    }

    /// Starts its command.
    pub fn start(&self, program: Option<&Path>, log: &Path) -> Result<Running> {
        Running::spawn(&self.title, self.command(program, &self.words), log)
    }

    /// Waits until the readiness probe says yes. `port` is where the container listens on this machine.
    pub async fn until_ready(&self, running: &mut Running, port: u16) -> Result<()> {
        let probe = self
            .container
            .readiness_probe
            .as_ref()
            .context("no readiness probe")?;
        let client = reqwest::Client::builder();
        let client = client.timeout(Duration::from_secs(5)).build()?;
        let begun = Instant::now();
        while !self.is_ready(probe, &client, port).await {
            running.check_alive()?;
            ensure!(
                begun.elapsed() < PATIENCE,
                "{} is not ready\n{}",
                self.title,
                running.printed()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    async fn is_ready(&self, probe: &Probe, client: &reqwest::Client, port: u16) -> bool {
        if let Some(exec) = &probe.exec {
            let words = exec
                .command
                .iter()
                .flatten()
                .map(|word| self.sandbox.translate(word))
                .collect::<Vec<_>>();
            return self
                .command(None, &words)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success());
        }
        let path = probe
            .http_get
            .as_ref()
            .and_then(|http| http.path.as_deref())
            .unwrap_or_default();
        let answer = client
            .get(format!("http://127.0.0.1:{port}{path}"))
            .send()
            .await;
        answer.is_ok_and(|answer| answer.status().as_u16() == 200)
    }

    /// A command in the container; `program` stands for what its image would run.
    fn command(&self, program: Option<&Path>, words: &[String]) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if let Some((uid, gid)) = self.account {
            command
                .arg(format!("--reuid={uid}"))
                .arg(format!("--regid={gid}"))
                .arg("--clear-groups");
        }
        command.arg("--");
        // A program given replaces the one in `command`; without `command` it comes before the arguments.
        let given = self.container.command.iter().flatten().count();
        let words = if program.is_some() {
            words.get(given.min(1)..).unwrap_or_default()
        } else {
            words
        };
        command
            .args(program)
            .args(words)
            .env_clear()
            .envs(&self.variables)
            .current_dir("/")
            .stdin(Stdio::null());
        let programs = servers::postgres_programs()
            .map(|folder| format!("{}:", folder.display()))
            .unwrap_or_default();
        command.env("PATH", format!("{programs}/usr/local/bin:/usr/bin:/bin"));
        command
    }
}

/// A command that runs until this value is dropped.
pub struct Running {
    title: String,
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts a command.
    pub fn spawn(title: &str, mut command: Command, log: &Path) -> Result<Self> {
        let out = File::create(log)?;
        command
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out);
        let child = command.spawn().with_context(|| title.to_owned())?;
        Ok(Self {
            title: title.to_owned(),
            child,
            log: log.to_owned(),
        })
    }

    /// Fails, with what it printed, when it has ended.
    pub fn check_alive(&mut self) -> Result<()> {
        let ended = self.child.try_wait()?;
        ensure!(
            ended.is_none(),
            "{} has ended: {ended:?}\n{}",
            self.title,
            self.printed()
        );
        Ok(())
    }

    /// The end of what it printed.
    pub fn printed(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines
            .get(lines.len().saturating_sub(20)..)
            .unwrap_or_default()
            .join("\n")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // PostgreSQL would leave its processes and shared memory behind if it were killed.
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        _ = pid.map(|pid| kill_process(pid, Signal::INT));
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn hand_over(path: &Path, uid: u32, gid: u32) -> Result<()> {
    chown(path, Some(uid), Some(gid))?;
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            hand_over(&entry?.path(), uid, gid)?;
        }
    }
    Ok(())
}
