//! What is rendered really starts: PostgreSQL, nats-server and our program with the rendered command lines, variables, files and
//! probes. Only addresses that a cluster gives are replaced. The node above does not exist, and nobody waits for it.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use charts_tests::{
    Release, Scenario,
    sandbox::Place,
    scenario::{Level, Postgres},
};
use chassis::time::Time;
use contracts::Service;
use serde_json::json;
use servers::{Auth, PostgresOptions, PrivatePostgres, free_port};
use tempfile::TempDir;
use testkit::TestIssuer;

use crate::{
    pod::{Pod, Running},
    secret,
};

/// A centre on this machine.
struct Centre {
    home: TempDir,
    issuer: TestIssuer,
    release: Release,
    secrets: PathBuf,
    ports: Ports,
    // In the order they are stopped.
    running: Vec<Running>,
}

#[derive(Clone, Copy)]
struct Ports {
    database: u16,
    bus: u16,
    monitor: u16,
}

impl Centre {
    /// Starts PostgreSQL and nats-server, and brings the schema up.
    async fn start(scenario: Scenario, keys: Keys) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("fqc-").tempdir()?;
        // PostgreSQL runs as somebody else.
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o711))?;
        let issuer = TestIssuer::new()?;
        let mut running = Vec::new();
        let (from, trust) = match keys {
            Keys::InTheFile => (
                json!({"jwksUrl": "", "jwks": issuer.jwks().to_string()}),
                String::new(),
            ),
            Keys::Published => {
                let folder = home.path().join("issuer");
                let (provider, url, authority) = publish(&issuer.jwks().to_string(), &folder)?;
                running.push(provider);
                (json!({"jwksUrl": url, "jwks": ""}), authority)
            }
        };
        let auth = json!({"issuer": TestIssuer::ISSUER});
        let overrides = json!({"overrides": {"auth": auth, "trust": trust}});
        let scenario = scenario
            .with(&overrides)
            .with(&json!({"overrides": {"auth": from}}));
        let ports = Ports {
            database: free_port()?,
            bus: free_port()?,
            monitor: free_port()?,
        };
        let secrets = secret::make(&scenario, home.path()).await?;
        let release = Release::render(&scenario)?;
        let mut centre = Self {
            home,
            issuer,
            release,
            secrets,
            ports,
            running,
        };
        centre.postgres("postgres", ports.database).await?;
        let nats = Pod::lay_out(&centre.release, "nats", "nats", centre.place("nats", 0))?;
        let mut nats_server = nats.start(Some(&servers::nats_server()?), &centre.log("nats"))?;
        nats.until_ready(&mut nats_server, ports.monitor).await?;
        centre.running.push(nats_server);
        centre.run("migrate", "migrate", "migrate", 0).await?;
        Ok(centre)
    }

    async fn postgres(&mut self, folder: &str, port: u16) -> Result<Pod> {
        let mut place = self.place(folder, 0);
        let listens = "listen_addresses = '127.0.0.1'".to_owned();
        place
            .instead
            .push(("listen_addresses = '*'".to_owned(), listens));
        let root = place.root.clone();
        let postgres = Pod::lay_out(&self.release, "postgres", "postgres", place)?
            .unprivileged(&root)?
            .variable("PGPORT", port);
        let mut running = postgres.start(None, &self.log(folder))?;
        postgres.until_ready(&mut running, port).await?;
        self.running.insert(0, running);
        Ok(postgres)
    }

    /// Starts the container that serves of a Deployment, after its init container; gives its port.
    async fn serve(&mut self, component: &str) -> Result<u16> {
        let port = free_port()?;
        self.run(component, component, "wait-schema", port).await?;
        let pod = Pod::lay_out(
            &self.release,
            component,
            "fengqiao",
            self.place(component, port),
        )?;
        let mut running = pod.start(Some(e2e::program().await?), &self.log(component))?;
        pod.until_ready(&mut running, port).await?;
        self.running.insert(0, running);
        Ok(port)
    }

    /// Runs one of our program's containers to its end.
    async fn run(
        &self,
        folder: &str,
        workload: &str,
        container: &str,
        port: u16,
    ) -> Result<String> {
        let place = self.place(folder, port);
        Pod::lay_out(&self.release, workload, container, place)?.run(Some(e2e::program().await?))
    }

    /// What addresses of the cluster are on this machine; `http` is where the container itself listens.
    fn place(&self, folder: &str, http: u16) -> Place {
        let Ports {
            database,
            bus,
            monitor,
        } = self.ports;
        let release = &self.release.scenario.release;
        let instead = [
            (format!("{release}-postgres:5432"), database),
            (format!("{release}-nats:4222"), bus),
            (format!("{release}-all:8080"), http),
            ("0.0.0.0:4222".to_owned(), bus),
            ("0.0.0.0:8222".to_owned(), monitor),
            ("0.0.0.0:8080".to_owned(), http),
        ];
        Place {
            root: self.home.path().join(folder),
            secrets: self.secrets.clone(),
            instead: instead
                .map(|(from, port)| (from, format!("127.0.0.1:{port}")))
                .to_vec(),
        }
    }

    fn log(&self, name: &str) -> PathBuf {
        self.home.path().join(format!("{name}.log"))
    }
}

impl Drop for Centre {
    /// A failed test shows what the processes said last.
    fn drop(&mut self) {
        if std::thread::panicking() {
            for running in &self.running {
                eprintln!("---\n{}", running.printed());
            }
        }
    }
}

/// Where the keys of the issuer of tokens come from.
enum Keys {
    /// The centre's file holds them.
    InTheFile,
    /// They are fetched from a server whose certificate only the government's own authority has signed.
    Published,
}

/// Publishes the keys; gives where, and the authority.
fn publish(keys: &str, folder: &Path) -> Result<(Running, String, String)> {
    let tls = accounts::local_tls(folder, &["127.0.0.1"], Time::system().now())?;
    std::fs::write(folder.join("jwks.json"), keys)?;
    let port = free_port()?;
    let mut command = Command::new("setpriv");
    command
        .args([
            "--pdeathsig",
            "KILL",
            "--",
            "openssl",
            "s_server",
            "-WWW",
            "-quiet",
        ])
        .args(["-accept", &format!("127.0.0.1:{port}")])
        .arg("-cert")
        .arg(tls.certificate)
        .arg("-key")
        .arg(tls.key)
        .current_dir(folder);
    let running = Running::spawn("openssl s_server", command, &folder.join("log"))?;
    let authority = std::fs::read_to_string(tls.ca)?;
    Ok((
        running,
        format!("https://127.0.0.1:{port}/jwks.json"),
        authority,
    ))
}

/// Seven processes, each with the part of the Secret that its own pod mounts.
#[tokio::test]
async fn a_county_below_a_city_that_cannot_be_reached() -> Result<()> {
    let mut centre = Centre::start(
        Scenario::of(Level::County, Postgres::Internal, true)?,
        Keys::InTheFile,
    )
    .await?;
    for service in Service::ALL {
        centre.serve(&service.to_string()).await?;
    }
    centre.running.iter_mut().try_for_each(Running::check_alive)
}

/// One process that fetches the keys of its issuer from within the government's network; a matter goes through it, the doctor finds it well, its backup is restored twice.
#[tokio::test]
async fn a_township_its_test_its_backup_and_its_restore() -> Result<()> {
    let mut centre = Centre::start(
        Scenario::of(Level::Township, Postgres::Internal, false)?,
        Keys::Published,
    )
    .await?;
    let token = centre.issuer.token().region(centre.release.scenario.code());
    let token = token
        .roles(["window_clerk", "triage_officer", "coordinator"])
        .subject("smoke")
        .sign()?;
    std::fs::write(centre.secrets.join("smoke-token"), token)?;
    let http = centre.serve("all").await?;
    centre.run("smoke", "test-smoke", "smoke", http).await?;
    centre.run("doctor", "doctor", "doctor", http).await?;
    drop(centre.running.remove(0));

    let job = |workload: &str, container: &str| -> Result<String> {
        // On the volume that PostgreSQL's own folder stands for.
        let place = centre.place("postgres", 0);
        let root = place.root.clone();
        Pod::lay_out(&centre.release, workload, container, place)?
            .unprivileged(&root)?
            .run(None)
    };
    job("backup", "backup")?;
    let said = job("drill", "drill")?;
    ensure!(said.contains("restores: 7 schemas"), "{said}");

    let dump = newest_dump(&centre.home.path().join("postgres/backup"))?;
    put_back(&centre, &dump)?;
    // As the runbook says: the epoch too, so that others notice. It also makes the migration run again, which sets passwords.
    let restored = json!({"postgres": {"restoreFrom": dump}, "config": {"node": {"epoch": 2}}});
    let scenario = centre.release.scenario.clone();
    let before = migration(&centre.release);
    centre.release = Release::render(&scenario.with(&json!({"overrides": restored})))?;
    assert_ne!(
        before,
        migration(&centre.release),
        "the job would not run again"
    );
    copy(
        &centre.home.path().join("postgres/backup"),
        &centre.home.path().join("restored/backup"),
    )?;
    centre.ports.database = free_port()?;
    let port = centre.ports.database;
    centre.postgres("restored", port).await?;
    // Roles and schemas came back: a service logs in and finds what it needs.
    centre.run("migrate-again", "migrate", "migrate", 0).await?;
    centre.run("again", "all", "wait-schema", 0).await?;
    Ok(())
}

/// A database on another network: schema, services and backups reach it over TLS, and it is the one that the file names.
#[tokio::test]
async fn a_database_elsewhere_is_spoken_to_in_secret() -> Result<()> {
    let home = tempfile::Builder::new().prefix("fqc-").tempdir()?;
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o711))?;
    let now = Time::system().now();
    let tls = accounts::local_tls(&home.path().join("tls"), &["127.0.0.1"], now)?;
    let another = accounts::local_tls(&home.path().join("another"), &["127.0.0.1"], now)?;
    let options = PostgresOptions {
        tls: Some((tls.certificate, tls.key)),
        auth: Auth::Password,
        settings: vec![("log_connections".to_owned(), "on".to_owned())],
        ..PostgresOptions::for_tests()
    };
    let postgres = PrivatePostgres::start(&home.path().join("postgres"), options).await?;
    let scenario = Scenario::of(Level::Township, Postgres::External, false)?;
    let secrets = secret::make(&scenario, home.path()).await?;
    let password = std::fs::read_to_string(secrets.join("database-owner-password"))?;
    let owner = format!("CREATE ROLE fengqiao_owner LOGIN CREATEROLE PASSWORD '{password}'");
    let admin = testkit::postgres::connect(&postgres.admin_url()).await?;
    admin.batch_execute(&owner).await?;
    admin
        .batch_execute("CREATE DATABASE fengqiao OWNER fengqiao_owner TEMPLATE template0")
        .await?;

    let signed_by = |authority: &Path| -> Result<Release> {
        let ca = std::fs::read_to_string(authority)?;
        let scenario = scenario.clone();
        Release::render(&scenario.with(&json!({"overrides": {"postgres": {"ca": ca}}})))
    };
    let release = signed_by(&tls.ca)?;
    let here = format!("127.0.0.1:{}", postgres.port());
    let pod = |release: &Release, workload: &str, container: &str, folder: &str| -> Result<Pod> {
        let elsewhere = [
            "postgres.example:5432".to_owned(),
            format!("{}-postgres:5432", release.scenario.release),
        ];
        let root = home.path().join(folder);
        let place = Place {
            root: root.clone(),
            secrets: secrets.clone(),
            instead: elsewhere.map(|from| (from, here.clone())).to_vec(),
        };
        Pod::lay_out(release, workload, container, place)?.unprivileged(&root)
    };
    let program = Some(e2e::program().await?);
    pod(&release, "migrate", "migrate", "migrate")?.run(program)?;
    pod(&release, "all", "wait-schema", "all")?.run(program)?;
    pod(&release, "backup", "backup", "backup")?.run(None)?;
    newest_dump(&home.path().join("backup/backup"))?;

    let imposter = signed_by(&another.ca)?;
    for (workload, container, program) in
        [("migrate", "migrate", program), ("backup", "backup", None)]
    {
        let run = pod(&imposter, workload, container, &format!("not-{workload}"))?.run(program);
        let refused = run.err().context("it was taken for another")?.to_string();
        ensure!(refused.contains("certificate"), "{workload}: {refused}");
    }
    let log = std::fs::read_to_string(postgres.log())?;
    let in_clear = log
        .lines()
        .filter(|line| line.contains("connection authorized: user=fengqiao"))
        .find(|line| !line.contains("SSL enabled"));
    ensure!(in_clear.is_none(), "{in_clear:?}");
    Ok(())
}

/// As for a database that others run: restore.sh, in the pod that backs up. What came after the dump is gone; a dump that cannot be
/// read leaves all as it is.
fn put_back(centre: &Centre, dump: &str) -> Result<()> {
    let backup = || -> Result<(Pod, PathBuf)> {
        let place = centre.place("postgres", 0);
        let root = place.root.clone();
        let pod = Pod::lay_out(&centre.release, "backup", "backup", place)?;
        Ok((pod.unprivileged(&root)?, root))
    };
    let (pod, root) = backup()?;
    let url = std::fs::read_to_string(root.join("etc/postgres/secret/database-owner-url"))?;
    let query = |sql: &str| {
        let words = [
            "psql",
            "--no-align",
            "--tuples-only",
            "--dbname",
            &url,
            "--command",
            sql,
        ];
        backup()?.0.words(words).run(None)
    };
    let cases = "SELECT count(*) FROM intake.matters";
    let before = query(cases)?;
    ensure!(before.trim() != "0", "the smoke test left no matter");
    query("CREATE SCHEMA later; TRUNCATE intake.matters CASCADE")?;
    let restore = |pod: Pod| {
        pod.words(["/bin/sh", "/etc/postgres/restore.sh", dump])
            .run(None)
    };

    let key = root.join("etc/postgres/secret/backup-key");
    let right = std::fs::read(&key)?;
    std::fs::write(&key, "another")?;
    ensure!(restore(pod).is_err(), "it was read with another key");
    std::fs::write(&key, right)?;
    assert_eq!(query(cases)?.trim(), "0", "half of it was done");

    restore(backup()?.0)?;
    assert_eq!(query(cases)?, before);
    let later = query("SELECT count(*) FROM pg_namespace WHERE nspname = 'later'")?;
    assert_eq!(later.trim(), "0", "what is not in the dump stayed");
    Ok(())
}

fn migration(release: &Release) -> String {
    let mut jobs = release.of("Job").map(|job| job.name().to_owned());
    jobs.find(|name| name.contains("migrate"))
        .unwrap_or_default()
}

fn newest_dump(folder: &Path) -> Result<String> {
    let entries =
        std::fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    entries
        .filter(|name| name.ends_with(".dump.enc"))
        .max()
        .map(|name| name.replace(".enc", ""))
        .context("no dump")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.path().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
