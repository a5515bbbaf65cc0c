//! A database per test, and a PostgreSQL of one's own for tests that kill it.

use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::ops::{Deref, DerefMut};

use ::servers::{PostgresOptions, PrivatePostgres};
use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_postgres::NoTls;
use tokio_postgres::types::ToSql;

use crate::servers::SharedPostgres;

const TEST_PREFIX: &str = "test_";

/// A database filled once and copied for every test (about 30 ms).
#[derive(Debug, Clone, Copy, Hash)]
pub struct Template<'a> {
    /// Lower-case letters, digits and `_`; what is in it: `all`, `intake`.
    pub name: &'a str,
    /// Changes when the content would: a hash of all migrations.
    pub fingerprint: &'a str,
}

impl Template<'_> {
    fn database(&self) -> String {
        format!("{}{:016x}", self.prefix(), hash(self))
    }

    fn prefix(&self) -> String {
        format!("template_{}__", self.name)
    }

    fn lock(&self) -> i64 {
        i64::from_ne_bytes(hash(self.name).to_ne_bytes())
    }
}

pub(crate) fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A database of the shared server that belongs to one test and is dropped with this value.
///
/// Roles are shared by all databases of the server; make them only if they do not exist. Nobody needs a password.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    server: &'static SharedPostgres,
}

impl TestDatabase {
    /// A database with nothing in it.
    ///
    /// # Errors
    /// PostgreSQL is not installed or does not start; the text says what to do.
    pub async fn empty() -> Result<Self> {
        let server = SharedPostgres::get().await?;
        let admin = connect(&server.admin_url()).await?;
        Self::copy_of("template0", &admin, server).await
    }

    /// A copy of the template, which `fill` makes first when no test process has done so yet. `fill` gets the superuser's
    /// URL of an empty database.
    ///
    /// # Errors
    /// As [`Self::empty`], and what `fill` returns.
    pub async fn from_template<Fill>(template: &Template<'_>, fill: Fill) -> Result<Self>
    where
        Fill: AsyncFnOnce(String) -> Result<()>,
    {
        let server = SharedPostgres::get().await?;
        let admin = connect(&server.admin_url()).await?;
        // Copied under a shared lock, made (and old ones dropped) under an exclusive one. The locks go with the connection,
        // also when this process is killed.
        let lock: [&(dyn ToSql + Sync); 1] = [&template.lock()];
        admin
            .query("SELECT pg_advisory_lock_shared($1)", &lock)
            .await?;
        if !exists(&admin, &template.database()).await? {
            admin
                .query("SELECT pg_advisory_unlock_shared($1)", &lock)
                .await?;
            admin.query("SELECT pg_advisory_lock($1)", &lock).await?;
            if !exists(&admin, &template.database()).await? {
                let made = make(&admin, server, template, fill).await;
                made.with_context(|| format!("make template {}", template.name))?;
            }
        }
        Self::copy_of(&template.database(), &admin, server).await
    }

    async fn copy_of(
        template: &str,
        admin: &Connection,
        server: &'static SharedPostgres,
    ) -> Result<Self> {
        let name = format!(
            "{TEST_PREFIX}{:016x}",
            RandomState::new().build_hasher().finish()
        );
        admin
            .batch_execute(&format!(
                "CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
            ))
            .await?;
        Ok(Self { name, server })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URL for the superuser.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.url("postgres")
    }

    /// Its URL for a role.
    #[must_use]
    pub fn url(&self, role: &str) -> String {
        self.server.url(&self.name, role)
    }
}

impl Drop for TestDatabase {
    /// Connections still open are closed. What cannot be dropped now is when the shared server starts the next time.
    fn drop(&mut self) {
        let (url, name) = (self.server.admin_url(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let admin = connect(&url).await?;
                admin
                    .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                    .await?;
                anyhow::Ok(())
            })
        });
        let _ = dropping.join();
    }
}

async fn make<Fill>(
    admin: &Connection,
    server: &SharedPostgres,
    template: &Template<'_>,
    fill: Fill,
) -> Result<()>
where
    Fill: AsyncFnOnce(String) -> Result<()>,
{
    let (finished, unfinished) = (template.database(), format!("unfinished_{}", template.name));
    admin
        .batch_execute(&format!(
            "DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"
        ))
        .await?;
    admin
        .batch_execute(&format!("CREATE DATABASE {unfinished} TEMPLATE template0"))
        .await?;
    fill(server.url(&unfinished, "postgres")).await?;
    // The connections of `fill` may still be closing, and neither renaming nor copying is possible before they are gone.
    admin
        .query(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1",
            &[&unfinished],
        )
        .await?;
    for old in databases(admin, &template.prefix()).await? {
        admin
            .batch_execute(&format!("DROP DATABASE IF EXISTS {old} WITH (FORCE)"))
            .await?;
    }
    admin
        .batch_execute(&format!("ALTER DATABASE {unfinished} RENAME TO {finished}"))
        .await?;
    Ok(())
}

/// Databases of tests that were killed. Only at the start of the server, when no test can have one.
pub(crate) async fn drop_leftovers(admin_url: &str) -> Result<()> {
    let admin = connect(admin_url).await?;
    for name in databases(&admin, TEST_PREFIX).await? {
        admin
            .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await?;
    }
    Ok(())
}

async fn databases(admin: &Connection, prefix: &str) -> Result<Vec<String>> {
    let rows = admin
        .query(
            "SELECT datname::text FROM pg_database WHERE starts_with(datname::text, $1)",
            &[&prefix],
        )
        .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn exists(admin: &Connection, database: &str) -> Result<bool> {
    Ok(admin
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&database])
        .await?
        .is_some())
}

/// A client and the task that drives it.
pub struct Connection {
    client: tokio_postgres::Client,
    _driver: JoinSet<()>,
}

impl Deref for Connection {
    type Target = tokio_postgres::Client;

    fn deref(&self) -> &Self::Target {
        &self.client
    }
}

/// Connects; nobody needs a password.
///
/// # Errors
/// The server does not answer or refuses the role.
pub async fn connect(url: &str) -> Result<Connection> {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .context("connect to the test PostgreSQL")?;
    let mut driver = JoinSet::new();
    driver.spawn(async move {
        // An error here is seen by the query that runs.
        let _ = connection.await;
    });
    Ok(Connection {
        client,
        _driver: driver,
    })
}

/// A PostgreSQL of one's own, to be killed and restarted: what was committed survives that. Takes about a second.
#[derive(Debug)]
pub struct TestPostgres {
    server: PrivatePostgres,
    _directory: TempDir,
}

impl TestPostgres {
    /// Starts one, with nothing in it, that asks for no password.
    ///
    /// # Errors
    /// PostgreSQL is not installed or does not start; the text says what to do.
    pub async fn start() -> Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("fengqiao-test-")
            .tempdir()?;
        let server = PrivatePostgres::start(directory.path(), PostgresOptions::for_tests()).await?;
        Ok(Self {
            server,
            _directory: directory,
        })
    }
}

impl Deref for TestPostgres {
    type Target = PrivatePostgres;

    fn deref(&self) -> &PrivatePostgres {
        &self.server
    }
}

impl DerefMut for TestPostgres {
    fn deref_mut(&mut self) -> &mut PrivatePostgres {
        &mut self.server
    }
}
