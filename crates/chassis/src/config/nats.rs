//! The message bus's section.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use contracts::Service;
use secrecy::SecretString;

use super::Login;

crate::config_section! {
    /// The message bus: nats-server with JetStream.
    pub struct NatsConfig in "nats" {
        /// Servers, separated by commas.
        pub url: String = "nats://127.0.0.1:4222".to_owned(), "nats://127.0.0.1:4222";
        /// User, where the services share one.
        pub user: Option<String> = None, "";
        /// Password of that user.
        pub password: Option<SecretString> = None, "";
        /// File that holds that password.
        pub password_file: Option<PathBuf> = None, "";
        /// User and password of one service: `[nats.services.intake]` with `user`, `password` or `password_file`, or with
        /// `credentials_file`.
        pub services: BTreeMap<String, Login> = BTreeMap::new(), "";
        /// Credentials file, instead of users and passwords.
        pub credentials_file: Option<PathBuf> = None, "";
        /// File with the certificate authority to trust; unset: the system's.
        pub ca_file: Option<PathBuf> = None, "";
        /// Longest time to connect.
        #[serde(deserialize_with = "crate::config::duration")]
        pub connect_timeout: Duration = Duration::from_secs(5), "5s";
        /// Longest wait for an answer, of the server or of another service.
        #[serde(deserialize_with = "crate::config::duration")]
        pub request_timeout: Duration = Duration::from_secs(5), "5s";
        /// Name of the stream that holds the events.
        pub stream: String = "EVENTS".to_owned(), "EVENTS";
        /// Copies of each stream that the cluster keeps: 1, 3 or 5.
        pub replicas: usize = 1, "1";
        /// Largest size of the stream in bytes; -1 sets no limit. At the limit publishing waits, nothing is dropped.
        pub max_bytes: i64 = -1, "-1";
        /// How long the stream keeps an event; 0s keeps it for ever.
        #[serde(deserialize_with = "crate::config::duration")]
        pub max_age: Duration = Duration::ZERO, "0s";
        /// How long the stream recognises an event that is published twice.
        #[serde(deserialize_with = "crate::config::duration")]
        pub duplicate_window: Duration = Duration::from_secs(600), "10m";
    }
}

impl NatsConfig {
    /// The credentials file of a service: its own, else the shared one.
    #[must_use]
    pub fn credentials_of(&self, service: Service) -> Option<PathBuf> {
        let own = self.services.get(&service.schema());
        own.and_then(|login| login.credentials_file.clone())
            .or_else(|| self.credentials_file.clone())
    }

    /// User and password of a service: its own, else the shared ones.
    #[must_use]
    pub fn login(&self, service: Service) -> Login {
        let own = self.services.get(&service.schema());
        Login {
            user: own
                .and_then(|login| login.user.clone())
                .or_else(|| self.user.clone()),
            password: own
                .and_then(|login| login.password.clone())
                .or_else(|| self.password.clone()),
            password_file: None,
            credentials_file: None,
        }
    }
}
