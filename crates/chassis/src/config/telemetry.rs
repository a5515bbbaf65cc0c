//! The section about logs and traces.

use std::time::Duration;

use serde::Deserialize;

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// Plain text, for people.
    Text,
}

crate::config_section! {
    /// Logs and traces.
    pub struct TelemetryConfig in "telemetry" {
        /// `json` or `text`. Lines go to the standard error output.
        pub log_format: LogFormat = LogFormat::Json, "json";
        /// Which lines are written, in the syntax of `RUST_LOG`.
        pub log_filter: String = "info".to_owned(), "info";
        /// Where traces are sent (OTLP over HTTP): `http://127.0.0.1:4318/v1/traces`; unset: nowhere.
        pub otlp_endpoint: Option<String> = None, "";
        /// Longest time to send one batch of traces.
        #[serde(deserialize_with = "crate::config::duration")]
        pub otlp_timeout: Duration = Duration::from_secs(5), "5s";
        /// Share of the requests that are traced, from 0.0 to 1.0. A caller's own decision comes first.
        pub sample: f64 = 1.0, "1.0";
    }
}
