//! PostgreSQL's section.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use contracts::Service;
use secrecy::SecretString;

use super::Login;

crate::config_section! {
    /// PostgreSQL: one database a node, in it one schema and one login role a service.
    pub struct DatabaseConfig in "database" {
        /// Server and database, without user and password: `postgres://127.0.0.1:5432/fengqiao`. Required.
        pub url: String = String::new(), "";
        /// The login role of a service is this and its name, `-` written as `_`.
        pub role_prefix: String = "fengqiao_".to_owned(), "fengqiao_";
        /// Password of the services' roles, where they share one.
        pub password: Option<SecretString> = None, "";
        /// File that holds that password.
        pub password_file: Option<PathBuf> = None, "";
        /// User and password of one service: `[database.services.intake]` with `user`, `password` or `password_file`.
        pub services: BTreeMap<String, Login> = BTreeMap::new(), "";
        /// The same database as its owner, user and password included. Only `migrate` and `up` need it.
        pub admin_url: Option<SecretString> = None, "";
        /// File that holds that address.
        pub admin_url_file: Option<PathBuf> = None, "";
        /// Certificates (PEM) of the authorities that may sign the server's certificate. With it every connection is encrypted and
        /// the server must be who `url` names; without it connections are in clear text, for a server on this machine or in this
        /// cluster.
        pub ca_file: Option<PathBuf> = None, "";
        /// Connections that one service may hold.
        pub pool_size: usize = 8, "8";
        /// Longest time to open a connection.
        #[serde(deserialize_with = "crate::config::duration")]
        pub connect_timeout: Duration = Duration::from_secs(5), "5s";
        /// Longest wait for a free connection; then the request gets 503.
        #[serde(deserialize_with = "crate::config::duration")]
        pub acquire_timeout: Duration = Duration::from_secs(5), "5s";
        /// Longest time for one statement.
        #[serde(deserialize_with = "crate::config::duration")]
        pub statement_timeout: Duration = Duration::from_secs(10), "10s";
        /// Longest wait for a lock.
        #[serde(deserialize_with = "crate::config::duration")]
        pub lock_timeout: Duration = Duration::from_secs(5), "5s";
        /// Longest pause inside a transaction.
        #[serde(deserialize_with = "crate::config::duration")]
        pub idle_in_transaction_timeout: Duration = Duration::from_secs(30), "30s";
        /// How often a transaction that lost against another one is tried in all.
        pub max_attempts: u32 = 5, "5";
    }
}

impl DatabaseConfig {
    /// The login role of a service.
    #[must_use]
    pub fn role(&self, service: Service) -> String {
        let schema = service.schema();
        let own = self
            .services
            .get(&schema)
            .and_then(|login| login.user.clone());
        own.unwrap_or_else(|| format!("{}{schema}", self.role_prefix))
    }

    /// The password of a service's role, if one is set.
    #[must_use]
    pub fn role_password(&self, service: Service) -> Option<&SecretString> {
        let own = self
            .services
            .get(&service.schema())
            .and_then(|login| login.password.as_ref());
        own.or(self.password.as_ref())
    }
}
