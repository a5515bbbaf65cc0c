//! What the types cannot say about a configuration.

use std::str::FromStr;
use std::time::Duration;

use contracts::Service;
use contracts::region::RegionCode;

use super::secret::read_twin;
use super::{Config, ConfigError, Mistake};

/// Collects mistakes; `check` adds one when the condition does not hold.
struct Report(Vec<Mistake>);

impl Report {
    fn check(&mut self, holds: bool, path: &str, message: &str) {
        if !holds {
            self.0.push(Mistake::new(path, message));
        }
    }
}

impl Config {
    /// Checks what the types cannot: required keys, ranges, choices that exclude each other.
    ///
    /// # Errors
    /// Everything that is wrong, not only the first.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let mistakes = self.mistakes();
        if mistakes.is_empty() {
            Ok(())
        } else {
            Err(ConfigError { mistakes })
        }
    }

    /// The region code that this node serves.
    ///
    /// # Errors
    /// The key is missing or no region code.
    pub fn region(&self) -> Result<RegionCode, ConfigError> {
        RegionCode::from_str(&self.node.region).map_err(|error| {
            ConfigError::one("node.region", &format!("is not a region code: {error}"))
        })
    }

    /// Fills every secret from its file. Called once by the loader.
    pub(super) fn resolve_secrets(&mut self) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        let database = &mut self.database;
        let file = database.password_file.as_ref();
        read_twin(
            "database.password",
            &mut database.password,
            file,
            &mut mistakes,
        );
        let file = database.admin_url_file.as_ref();
        read_twin(
            "database.admin_url",
            &mut database.admin_url,
            file,
            &mut mistakes,
        );
        for (name, login) in &mut database.services {
            login.resolve(&format!("database.services.{name}"), &mut mistakes);
        }
        read_twin(
            "nats.password",
            &mut self.nats.password,
            self.nats.password_file.as_ref(),
            &mut mistakes,
        );
        let files = &mut self.attachments;
        let file = files.s3_secret_key_file.as_ref();
        let path = "attachments.s3_secret_key";
        read_twin(path, &mut files.s3_secret_key, file, &mut mistakes);
        let gateways = &mut self.notifications;
        for (path, token, file) in [
            (
                "notifications.sms_token",
                &mut gateways.sms_token,
                &gateways.sms_token_file,
            ),
            (
                "notifications.mini_programme_token",
                &mut gateways.mini_programme_token,
                &gateways.mini_programme_token_file,
            ),
            (
                "notifications.email_token",
                &mut gateways.email_token,
                &gateways.email_token_file,
            ),
        ] {
            read_twin(path, token, file.as_ref(), &mut mistakes);
        }
        for (name, login) in &mut self.nats.services {
            login.resolve(&format!("nats.services.{name}"), &mut mistakes);
        }
        mistakes
    }

    pub(super) fn mistakes(&self) -> Vec<Mistake> {
        let mut report = Report(Vec::new());
        match self.region() {
            Err(error) => report.0.extend(error.mistakes),
            Ok(region) => report.check(region.known(), "node.region", "is in no list of regions"),
        }
        report.check(self.node.epoch >= 1, "node.epoch", "must be at least 1");
        self.check_http(&mut report);
        self.check_auth(&mut report);
        self.check_stores(&mut report);
        self.check_delivery(&mut report);
        self.check_files_and_messages(&mut report);
        self.check_service_names(&mut report);
        report.0
    }

    fn check_http(&self, report: &mut Report) {
        let http = &self.http;
        report.check(
            http.body_limit >= 1024,
            "http.body_limit",
            "must be at least 1024 bytes",
        );
        report.check(
            http.request_timeout > Duration::ZERO,
            "http.request_timeout",
            "must be longer than 0s",
        );
        report.check(
            http.ready_timeout > Duration::ZERO,
            "http.ready_timeout",
            "must be longer than 0s",
        );
        let burst = http.rate_per_second == 0 || http.rate_burst >= 1;
        report.check(burst, "http.rate_burst", "must be at least 1");
        let burst = http.anonymous_rate_per_second == 0 || http.anonymous_rate_burst >= 1;
        report.check(burst, "http.anonymous_rate_burst", "must be at least 1");
        let sample = self.telemetry.sample;
        report.check(
            (0.0..=1.0).contains(&sample),
            "telemetry.sample",
            "must be from 0.0 to 1.0",
        );
        let filter = tracing_subscriber::EnvFilter::try_new(&self.telemetry.log_filter);
        report.check(
            filter.is_ok(),
            "telemetry.log_filter",
            "is not a filter in the syntax of RUST_LOG",
        );
        if let Some(endpoint) = &self.telemetry.otlp_endpoint {
            report.check(
                is_http(endpoint),
                "telemetry.otlp_endpoint",
                "must be an http or https address",
            );
        }
    }

    fn check_auth(&self, report: &mut Report) {
        let auth = &self.auth;
        report.check(!auth.issuer.is_empty(), "auth.issuer", "is required");
        report.check(!auth.audience.is_empty(), "auth.audience", "is required");
        match (&auth.jwks_url, &auth.jwks_file) {
            (Some(url), None) => report.check(
                is_http(url),
                "auth.jwks_url",
                "must be an http or https address",
            ),
            (None, Some(_)) => {}
            (None, None) => {
                report.check(false, "auth.jwks_url", "jwks_url or jwks_file is required")
            }
            (Some(_), Some(_)) => report.check(
                false,
                "auth.jwks_url",
                "jwks_url and jwks_file exclude each other",
            ),
        }
        report.check(
            auth.refresh_interval > Duration::ZERO,
            "auth.refresh_interval",
            "must be longer than 0s",
        );
        report.check(
            auth.leeway <= Duration::from_secs(300),
            "auth.leeway",
            "must be at most 5m",
        );
    }

    fn check_stores(&self, report: &mut Report) {
        let database = &self.database;
        match tokio_postgres::Config::from_str(&database.url) {
            _ if database.url.is_empty() => report.check(false, "database.url", "is required"),
            Ok(parsed) => {
                let bare = parsed.get_user().is_none() && parsed.get_password().is_none();
                report.check(
                    bare,
                    "database.url",
                    "must not carry a user or password; each service has its own role",
                );
                report.check(
                    parsed.get_dbname().is_some(),
                    "database.url",
                    "must name the database",
                );
            }
            Err(_) => report.check(false, "database.url", "is not a PostgreSQL address"),
        }
        report.check(
            !database.role_prefix.is_empty(),
            "database.role_prefix",
            "must not be empty",
        );
        // Two at least: the relay keeps one for its lock.
        report.check(
            database.pool_size >= 2,
            "database.pool_size",
            "must be at least 2",
        );
        report.check(
            database.max_attempts >= 1,
            "database.max_attempts",
            "must be at least 1",
        );
        let nats = &self.nats;
        report.check(!nats.url.is_empty(), "nats.url", "is required");
        report.check(
            matches!(nats.replicas, 1 | 3 | 5),
            "nats.replicas",
            "must be 1, 3 or 5",
        );
        let several =
            nats.credentials_file.is_some() && (nats.user.is_some() || !nats.services.is_empty());
        report.check(
            !several,
            "nats.credentials_file",
            "excludes users and passwords",
        );
        let window = nats.max_age.is_zero() || nats.duplicate_window <= nats.max_age;
        report.check(
            window,
            "nats.duplicate_window",
            "must not be longer than nats.max_age",
        );
    }

    fn check_delivery(&self, report: &mut Report) {
        report.check(
            (1..=1000).contains(&self.outbox.batch),
            "outbox.batch",
            "must be from 1 to 1000",
        );
        report.check(
            self.outbox.poll_interval > Duration::ZERO,
            "outbox.poll_interval",
            "must be longer than 0s",
        );
        report.check(
            !self.consumers.backoff.is_empty(),
            "consumers.backoff",
            "needs at least one wait",
        );
        report.check(
            self.consumers.max_attempts >= 1,
            "consumers.max_attempts",
            "must be at least 1",
        );
        report.check(
            self.consumers.batch >= 1,
            "consumers.batch",
            "must be at least 1",
        );
        report.check(
            self.consumers.max_ack_pending >= 1,
            "consumers.max_ack_pending",
            "must be at least 1",
        );
        report.check(
            self.consumers.ack_wait > Duration::ZERO,
            "consumers.ack_wait",
            "must be longer than 0s",
        );
        report.check(
            self.policy.poll_interval > Duration::ZERO,
            "policy.poll_interval",
            "must be longer than 0s",
        );
        report.check(
            self.clocks.poll_interval > Duration::ZERO,
            "clocks.poll_interval",
            "must be longer than 0s",
        );
        report.check(self.clocks.batch >= 1, "clocks.batch", "must be at least 1");
    }

    fn check_files_and_messages(&self, report: &mut Report) {
        let files = &self.attachments;
        report.check(
            files.directory.is_none() || files.s3_bucket.is_none(),
            "attachments.directory",
            "directory and s3_bucket exclude each other",
        );
        if files.s3_bucket.is_some() {
            report.check(
                files.s3_endpoint.as_deref().is_some_and(is_http),
                "attachments.s3_endpoint",
                "must be an http or https address",
            );
            report.check(
                files.s3_access_key.is_some() && files.s3_secret_key.is_some(),
                "attachments.s3_access_key",
                "the access key and the secret key are required",
            );
        }
        report.check(
            files.sweep_interval > Duration::ZERO,
            "attachments.sweep_interval",
            "must be longer than 0s",
        );
        report.check(
            files.orphan_after > self.http.request_timeout,
            "attachments.orphan_after",
            "must be longer than http.request_timeout",
        );
        let messages = &self.notifications;
        for (path, url) in [
            ("notifications.sms_url", &messages.sms_url),
            (
                "notifications.mini_programme_url",
                &messages.mini_programme_url,
            ),
            ("notifications.email_url", &messages.email_url),
        ] {
            report.check(
                url.as_deref().is_none_or(is_http),
                path,
                "must be an http or https address",
            );
        }
        report.check(
            messages.poll_interval > Duration::ZERO,
            "notifications.poll_interval",
            "must be longer than 0s",
        );
        report.check(
            messages.batch >= 1,
            "notifications.batch",
            "must be at least 1",
        );
    }

    /// A misspelt service name would be a section that nobody reads.
    fn check_service_names(&self, report: &mut Report) {
        let known: Vec<String> = Service::ALL
            .iter()
            .map(|service| service.schema())
            .collect();
        let sections = [
            ("services", self.services.keys().collect::<Vec<_>>()),
            ("database.services", self.database.services.keys().collect()),
            ("nats.services", self.nats.services.keys().collect()),
        ];
        for (section, names) in sections {
            for name in names {
                let message = format!("unknown service (expected one of {})", known.join(", "));
                report.check(known.contains(name), &format!("{section}.{name}"), &message);
            }
        }
    }
}

fn is_http(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}
