//! How a test node is set up.

use std::{fmt::Write as _, path::Path};

use contracts::Service;
use servers::Auth;
use testkit::TestIssuer;

use super::{PASSWORD, REGION, STREAM};

/// How the seven services are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `serve all`: one process.
    One,
    /// `serve intake`, `serve triage`, …: six processes.
    Six,
}

/// How a node is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// One process or seven.
    pub mode: Mode,
    /// Whether it has a PostgreSQL of its own.
    pub own_postgres: bool,
    /// Who may connect to that PostgreSQL.
    pub postgres_auth: Auth,
    /// Whether the schema is there.
    pub migrated: bool,
    /// Environment variables of its processes: `FENGQIAO__TELEMETRY__LOG_FILTER`.
    pub variables: Vec<(String, String)>,
}

impl Settings {
    /// The usual node.
    #[must_use]
    pub fn of(mode: Mode) -> Self {
        Self {
            mode,
            own_postgres: false,
            postgres_auth: Auth::Trust,
            migrated: true,
            variables: Vec::new(),
        }
    }

    /// With a PostgreSQL of its own.
    #[must_use]
    pub fn own_postgres(mut self) -> Self {
        self.own_postgres = true;
        self
    }

    /// On a database with nothing in it.
    #[must_use]
    pub fn unmigrated(mut self) -> Self {
        self.migrated = false;
        self
    }

    /// With an environment variable for its processes.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }
}

/// The logins the services really have, and one for the test that may do everything.
pub(super) fn bus_logins() -> String {
    let tester = format!("users = [\n    {{ user: \"tester\", password: \"{PASSWORD}\" }}\n");
    chassis::bus::authorization(STREAM, |_| PASSWORD.to_owned()).replacen("users = [\n", &tester, 1)
}

/// The configuration that all processes of a node read. Waits are short, since tests break things.
pub(super) fn config_file(jwks: &Path, admin: &str, nats: &str) -> String {
    let issuer = TestIssuer::ISSUER;
    let database = admin.rsplit('@').next().unwrap_or_default();
    let mut text = format!(
        "[node]\nregion = \"{REGION}\"\n\n\
         [http]\nworkers = 2\nrate_per_second = 0\nanonymous_rate_per_second = 0\nshutdown_timeout = \"10s\"\n\n\
         [auth]\nissuer = \"{issuer}\"\njwks_file = {jwks:?}\n\n\
         [database]\nurl = \"postgres://{database}\"\npassword = \"{PASSWORD}\"\nadmin_url = \"{admin}\"\npool_size = 4\n\n\
         [outbox]\npoll_interval = \"200ms\"\n\n\
         [notifications]\npoll_interval = \"100ms\"\n\n\
         [consumers]\nbackoff = \"200ms,500ms,1s\"\nack_wait = \"3s\"\n\n\
         [nats]\nurl = \"{nats}\"\n"
    );
    for service in Service::ALL {
        // Writing to a String cannot fail.
        _ = write!(
            text,
            "\n[nats.services.{}]\nuser = \"{service}\"\npassword = \"{PASSWORD}\"\n",
            service.schema()
        );
    }
    text
}
