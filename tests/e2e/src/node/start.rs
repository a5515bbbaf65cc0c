//! Starting the processes of a node.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use contracts::Service;
use testkit::{Template, TestDatabase};

use super::{Mode, START_LIMIT, STREAM, TestNode};
use crate::process::Process;

/// How a process that refused to start ended.
#[derive(Debug)]
pub struct Refused {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it printed.
    pub printed: String,
}

impl TestNode {
    pub(super) fn launch(&mut self, name: &str) -> Result<()> {
        let port = match name.parse::<Service>() {
            Ok(service) => self.ports.get(&service),
            Err(_) => self.ports.values().next(),
        };
        let port = port.context("no port")?;
        let mut variables = self.settings.variables.clone();
        variables.push((
            "FENGQIAO__HTTP__LISTEN".to_owned(),
            format!("127.0.0.1:{port}"),
        ));
        let log = self.directory.path().join(format!("{name}.log"));
        let process = Process::start(self.program, &self.arguments(name), &variables, &log)?;
        self.processes.insert(name.to_owned(), process);
        Ok(())
    }

    /// Waits until every process says that it is ready, and the stream is there.
    ///
    /// # Errors
    /// A process ends, or it takes too long.
    pub async fn wait_until_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        loop {
            for process in self.processes.values_mut() {
                process.check_alive()?;
            }
            let state = self.readiness().await;
            if state.is_ok() {
                return Ok(());
            }
            if started.elapsed() > START_LIMIT {
                return state.with_context(|| format!("not ready within {START_LIMIT:?}"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn readiness(&self) -> Result<()> {
        for process in self.api.processes() {
            let response = self.api.send(self.api.get_from(process, "/readyz")).await?;
            ensure!(response.status == 200, "{process}: {}", response.body);
        }
        // The relays make it.
        async_nats::jetstream::new(self.bus().await?)
            .get_stream(STREAM)
            .await?;
        Ok(())
    }

    /// Starts `serve all`, which must refuse; gives how it ended.
    ///
    /// # Errors
    /// It starts and stays.
    pub async fn start_refused(&self, variables: &[(&str, &str)]) -> Result<Refused> {
        let mut command = tokio::process::Command::new(self.program);
        command
            .args(self.arguments("all"))
            .envs(variables.iter().copied())
            .env("FENGQIAO__HTTP__LISTEN", "127.0.0.1:0");
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        match tokio::time::timeout(START_LIMIT, child.wait_with_output()).await {
            Ok(output) => {
                let output = output?;
                let printed = [output.stdout, output.stderr].concat();
                Ok(Refused {
                    code: output.status.code(),
                    printed: String::from_utf8_lossy(&printed).into_owned(),
                })
            }
            Err(_) => bail!("it runs"),
        }
    }
}

/// A port a process; services in one process share it.
pub(super) fn ports(mode: Mode) -> Result<(BTreeMap<Service, u16>, BTreeMap<Service, SocketAddr>)> {
    let shared = servers::free_port()?;
    let mut ports = BTreeMap::new();
    for &service in Service::ALL {
        let port = if mode == Mode::One {
            shared
        } else {
            servers::free_port()?
        };
        ports.insert(service, port);
    }
    let addresses = ports
        .iter()
        .map(|(service, port)| (*service, SocketAddr::from((Ipv4Addr::LOCALHOST, *port))));
    let addresses = addresses.collect();
    Ok((ports, addresses))
}

/// A copy of a database that the program has migrated.
pub(crate) async fn migrated(program: &Path) -> Result<TestDatabase> {
    let built = program.metadata()?.modified()?;
    let fingerprint = format!("{built:?}");
    let template = Template {
        name: "node",
        fingerprint: &fingerprint,
    };
    TestDatabase::from_template(&template, async |admin_url: String| {
        let directory = tempfile::tempdir()?;
        let config = directory.path().join("fengqiao.toml");
        std::fs::write(
            &config,
            super::settings::config_file(&config, &admin_url, "nats://127.0.0.1:1"),
        )?;
        let output = tokio::process::Command::new(program)
            .arg("--config")
            .arg(&config)
            .arg("migrate")
            .output()
            .await?;
        ensure!(
            output.status.success(),
            "migrate: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    })
    .await
}
