//! Schemas, roles and migrations: done by `migrate` under a lock, checked by every process at its start.

use contracts::Service;
use diesel::{
    migration::{Migration, MigrationSource},
    pg::Pg,
};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use secrecy::ExposeSecret as _;
use tokio::runtime::Handle;

use super::{DbUrl, Session, SessionError, server};
use crate::config::DatabaseConfig;

const MACHINERY: EmbeddedMigrations = embed_migrations!("migrations");

/// Advisory lock of `migrate`.
const MIGRATE_LOCK: i64 = 0x6671_6d69_6772_6174;

/// A service and its own migrations.
#[derive(Clone, Copy)]
pub struct ServiceSchema {
    /// The service.
    pub service: Service,
    /// Its migrations, embedded.
    pub migrations: fn() -> EmbeddedMigrations,
}

/// Why the schema could not be brought up or may not be used.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No connection.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// PostgreSQL refused a statement.
    #[error("schema {schema}: {text}")]
    Sql {
        /// The schema.
        schema: String,
        /// What PostgreSQL said.
        text: String,
    },
    /// A migration this release needs has not run.
    #[error("schema {schema} lacks migration {version}: run `fengqiao migrate`")]
    Behind {
        /// The schema.
        schema: String,
        /// The missing version.
        version: String,
    },
    /// The schema was changed by a later release in a way this one does not understand.
    #[error(
        "schema {schema} needs release {needed} of the {schema} service or later; this one knows {known}"
    )]
    Ahead {
        /// The schema.
        schema: String,
        /// Oldest release that may use it.
        needed: i64,
        /// Newest migration this release knows.
        known: i64,
    },
    /// The server is too old.
    #[error("PostgreSQL {found} is too old: at least 15 is needed")]
    OldServer {
        /// Its version.
        found: String,
    },
    /// The server's messages cannot be read.
    #[error(
        "PostgreSQL speaks {found:?} to {role}: run `fengqiao migrate`, or as a superuser `ALTER ROLE {role} SET lc_messages = 'C'`"
    )]
    Messages {
        /// The role.
        role: String,
        /// Its language.
        found: String,
    },
}

/// Brings every schema up to what this release knows: creates schema and role, runs the missing migrations, grants the role
/// its own schema and nothing else. A schema that is newer already is left as it is. One at a time: a second call waits.
///
/// # Errors
/// When PostgreSQL cannot be reached or refuses; what was done before stays (every migration is its own transaction).
pub async fn migrate(
    config: &DatabaseConfig,
    schemas: &[ServiceSchema],
) -> Result<Vec<String>, MigrateError> {
    let url = DbUrl::of_admin(config)?;
    let lock = Session::open(&url, &Handle::current()).await?;
    server::check_version(lock.client()).await?;
    let sql = |schema: &str, e: String| MigrateError::Sql {
        schema: schema.to_owned(),
        text: e,
    };
    lock.client()
        .execute("SELECT pg_advisory_lock($1)", &[&MIGRATE_LOCK])
        .await
        .map_err(|e| sql("", db_text(&e)))?;
    let mut done = Vec::new();
    for schema in schemas {
        let name = schema.service.schema();
        prepare(&lock, config, schema.service)
            .await
            .map_err(|e| sql(&name, e))?;
        let (client, connection) = url.open().await?;
        let mut conn = AsyncPgConnection::try_from_client_and_connection(client, connection)
            .await
            .map_err(|e| sql(&name, e.to_string()))?;
        conn.batch_execute(&format!("SET search_path = {name}"))
            .await
            .map_err(|e| sql(&name, e.to_string()))?;
        let mut harness = AsyncMigrationHarness::new(conn);
        for source in [MACHINERY, (schema.migrations)()] {
            let ran = harness
                .run_pending_migrations(source)
                .map_err(|e| sql(&name, e.to_string()))?;
            done.extend(ran.iter().map(|version| format!("{name} {version}")));
        }
    }
    Ok(done)
}

/// Schema, role and grants. Statements that change nothing the second time.
async fn prepare(admin: &Session, config: &DatabaseConfig, service: Service) -> Result<(), String> {
    let (schema, role) = (service.schema(), config.role(service));
    let password = match config.role_password(service) {
        Some(password) => format!(
            "PASSWORD '{}'",
            password.expose_secret().replace('\'', "''")
        ),
        None => String::new(),
    };
    let statements = [
        // Roles belong to the whole server: another database's migrate may make the same one at the same time.
        format!(
            "DO $$ BEGIN CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        ),
        if password.is_empty() {
            String::new()
        } else {
            format!("ALTER ROLE {role} {password}")
        },
        format!("CREATE SCHEMA IF NOT EXISTS {schema}"),
        "REVOKE ALL ON SCHEMA public FROM PUBLIC".to_owned(),
        // Faults that pass are told from others by PostgreSQL's words. An owner that is no superuser may not say so; then the
        // server's own setting counts, and the services look at it when they start.
        format!(
            "DO $$ BEGIN EXECUTE format('ALTER ROLE {role} IN DATABASE %I SET lc_messages = %L', current_database(), 'C');
             EXCEPTION WHEN insufficient_privilege THEN NULL; END $$"
        ),
        format!("GRANT USAGE ON SCHEMA {schema} TO {role}"),
        format!(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"
        ),
        format!("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {role}"),
    ];
    for statement in statements.iter().filter(|s| !s.is_empty()) {
        admin
            .client()
            .batch_execute(statement)
            .await
            .map_err(|e| db_text(&e))?;
    }
    Ok(())
}

/// Whether this release may work with the schema: the server is one it knows, everything it needs has run, and no later release
/// has broken it.
///
/// # Errors
/// [`MigrateError::Behind`], [`MigrateError::Ahead`], a server that is too old or speaks another language, or no connection.
pub async fn check_release(url: &DbUrl, schema: &ServiceSchema) -> Result<(), MigrateError> {
    let name = schema.service.schema();
    let session = Session::open(url, &Handle::current()).await?;
    server::check(session.client()).await?;
    let known = known_versions(schema);
    let applied: Vec<String> = session
        .client()
        .query("SELECT version FROM __diesel_schema_migrations", &[])
        .await
        .map(|rows| rows.iter().map(|row| row.get(0)).collect())
        // No table, or no right to see it: nothing has run.
        .unwrap_or_default();
    for version in &known {
        if !applied.contains(version) {
            return Err(MigrateError::Behind {
                schema: name,
                version: version.clone(),
            });
        }
    }
    let newest = known
        .iter()
        .filter_map(|v| v.parse::<i64>().ok())
        .max()
        .unwrap_or(0);
    let needed: i64 = session
        .client()
        .query_one("SELECT oldest_reader FROM schema_release", &[])
        .await
        .map(|row| row.get(0))
        .map_err(|e| MigrateError::Sql {
            schema: name.clone(),
            text: db_text(&e),
        })?;
    if needed > newest {
        Err(MigrateError::Ahead {
            schema: name,
            needed,
            known: newest,
        })
    } else {
        Ok(())
    }
}

fn known_versions(schema: &ServiceSchema) -> Vec<String> {
    [MACHINERY, (schema.migrations)()]
        .iter()
        .filter_map(|source| MigrationSource::<Pg>::migrations(source).ok())
        .flatten()
        .map(|migration: Box<dyn Migration<Pg>>| migration.name().version().to_string())
        .collect()
}

fn db_text(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(
        || error.to_string(),
        |db| format!("{}: {}", db.code().code(), db.message()),
    )
}
