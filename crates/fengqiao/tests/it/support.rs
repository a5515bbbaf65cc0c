//! Running the program beside servers of the test's own.

use std::{
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::{Duration, Instant},
};

use servers::{Auth, PostgresOptions, PrivatePostgres};

/// A command of the program; ends with the test.
pub fn program(config: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "KILL", "--", env!("CARGO_BIN_EXE_fengqiao")])
        .args(arguments)
        .env("FENGQIAO_CONFIG", config)
        .stdin(Stdio::null());
    command
}

/// Runs it; gives its exit code and everything it printed.
pub fn run(config: &Path, arguments: &[&str]) -> (i32, String) {
    printed(&program(config, arguments).output().unwrap())
}

/// Runs it until it succeeds: what is told between processes takes a moment.
pub fn eventually(config: &Path, arguments: &[&str], wanted: &str) -> String {
    let started = Instant::now();
    loop {
        let (code, printed) = run(config, arguments);
        if code == 0 && printed.contains(wanted) {
            return printed;
        }
        assert!(
            started.elapsed() < Duration::from_secs(90),
            "{arguments:?}: {code}\n{printed}"
        );
        std::thread::sleep(Duration::from_millis(500));
    }
}

pub fn printed(output: &Output) -> (i32, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code().unwrap_or(-1),
        text(&output.stdout) + &text(&output.stderr),
    )
}

/// A process that runs beside the test.
pub struct Running(Child);

impl Running {
    pub fn start(mut command: Command, log: &Path) -> Self {
        let out = std::fs::File::create(log).unwrap();
        command.stdout(out.try_clone().unwrap()).stderr(out);
        Self(command.spawn().unwrap())
    }

    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().unwrap()
    }

    /// Ctrl-C.
    pub fn interrupt(&self) {
        let process = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
    }

    pub fn wait(&mut self) -> ExitStatus {
        self.0.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// A PostgreSQL that asks for passwords, with an owner who is nobody but the owner of the database `fengqiao`.
pub async fn postgres(directory: &Path, owner_password: &str) -> PrivatePostgres {
    let options = PostgresOptions {
        auth: Auth::Password,
        ..PostgresOptions::for_tests()
    };
    let postgres = PrivatePostgres::start(directory, options).await.unwrap();
    sql(
        &postgres.admin_url(),
        &[
            &format!("CREATE ROLE fengqiao_owner LOGIN CREATEROLE PASSWORD '{owner_password}'"),
            "CREATE DATABASE fengqiao OWNER fengqiao_owner",
        ],
    )
    .await;
    postgres
}

/// Runs statements one by one.
pub async fn sql(url: &str, statements: &[&str]) {
    let connection = testkit::postgres::connect(url).await.unwrap();
    for statement in statements {
        connection.batch_execute(statement).await.unwrap();
    }
}
