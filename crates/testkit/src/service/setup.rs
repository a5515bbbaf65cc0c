//! What a service under test starts with: its database, its logins, its configuration.

use std::time::Duration;

use anyhow::Result;
use chassis::{
    config::{Config, Login},
    service::ServiceModule,
};
use contracts::Service;
use tempfile::TempDir;

use super::{NODE, eventually};
use crate::{TestDatabase, TestIssuer, TestNats, http::Client};

/// Password of every login on a test's message server.
pub(crate) const PASSWORD: &str = "test";

/// The logins the services really have, and one for the test that may do everything.
pub(crate) fn bus_config() -> String {
    let tester = format!("users = [\n    {{ user: \"tester\", password: \"{PASSWORD}\" }}\n");
    chassis::bus::authorization("EVENTS", |_| PASSWORD.to_owned()).replacen(
        "users = [\n",
        &tester,
        1,
    )
}

pub(crate) async fn connect(nats: &TestNats) -> Result<async_nats::Client> {
    let options = async_nats::ConnectOptions::new()
        .user_and_password("tester".to_owned(), PASSWORD.to_owned());
    Ok(options.connect(nats.url()).await?)
}

/// A database with the schema of the service.
///
/// # Errors
/// PostgreSQL does not start, or a migration fails.
pub async fn migrated<S: ServiceModule>() -> Result<TestDatabase> {
    crate::centre::migrated(&S::SERVICE.schema(), &[S::schema()]).await
}

/// Waits until a node answers and its stream is there: the relay makes it, and what a test publishes before would be lost.
pub(crate) async fn ready(client: &Client, bus: async_nats::Client) -> Result<()> {
    eventually("it is ready", async || {
        Ok(client.get("/readyz", None).await?.status == 200)
    })
    .await?;
    let streams = async_nats::jetstream::new(bus);
    eventually("the stream is there", async || {
        Ok(streams.get_stream("EVENTS").await.is_ok())
    })
    .await
}

/// The configuration of a service under test, with the services' logins at its message server.
///
/// # Errors
/// The keys of the issuer cannot be written.
pub fn configuration(
    issuer: &TestIssuer,
    directory: &TempDir,
    database: &TestDatabase,
    nats: &TestNats,
) -> Result<Config> {
    let jwks = directory.path().join("jwks.json");
    std::fs::write(&jwks, issuer.jwks().to_string())?;
    let mut config = Config::default();
    NODE.clone_into(&mut config.node.region);
    config.http.listen = "127.0.0.1:0".parse()?;
    config.http.workers = 2;
    config.http.rate_per_second = 100_000;
    config.http.rate_burst = 100_000;
    config.auth.issuer = TestIssuer::ISSUER.to_owned();
    config.auth.audience = TestIssuer::AUDIENCE.to_owned();
    config.auth.jwks_file = Some(jwks);
    config.database.url = database.url("postgres");
    config.database.admin_url = Some(database.admin_url().into());
    config.nats.url = nats.url();
    for service in Service::ALL {
        let login = Login {
            user: Some(service.to_string()),
            password: Some(PASSWORD.into()),
            ..Login::default()
        };
        config.nats.services.insert(service.schema(), login);
    }
    config.clocks.poll_interval = Duration::from_millis(50);
    config.outbox.poll_interval = Duration::from_millis(200);
    Ok(config)
}
