//! Recording and reading the metrics. Labels are names from the code, never values from a request.

use std::sync::LazyLock;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Registry, TextEncoder};

use super::instruments::Instruments;

/// How a transaction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TxOutcome {
    /// It was committed.
    Committed,
    /// The work refused, and nothing was stored.
    Refused,
    /// The database failed.
    Failed,
}

/// What became of an event that a consumer received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// Its effect was committed.
    Applied,
    /// It had been applied before.
    Duplicate,
    /// It failed and will come again.
    Failed,
    /// It can never succeed and went to the dead letters.
    DeadLettered,
}

/// The metrics of this process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    instruments: Instruments,
    // The readers live as long as the provider.
    _provider: SdkMeterProvider,
}

/// The metrics of this process, made at first use.
pub fn metrics() -> &'static Metrics {
    static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);
    &METRICS
}

fn label(key: &'static str, value: impl Into<opentelemetry::Value>) -> KeyValue {
    KeyValue::new(key, value)
}

impl Metrics {
    fn new() -> Self {
        let registry = Registry::new();
        let exporter = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .scope_info_enabled(false)
            .without_target_info()
            .with_namespace("fengqiao")
            .build();
        let mut builder = SdkMeterProvider::builder();
        match exporter {
            Ok(exporter) => builder = builder.with_reader(exporter),
            // A fresh registry takes every name; without it the process still works, only unseen.
            Err(error) => tracing::error!(error = %error, "metrics cannot be read"),
        }
        let provider = builder.build();
        let instruments = Instruments::new(&provider.meter("fengqiao"));
        Self {
            registry,
            instruments,
            _provider: provider,
        }
    }

    /// Every metric in the text format that Prometheus reads.
    ///
    /// # Errors
    /// A metric that cannot be written as text.
    pub fn text(&self) -> Result<String, prometheus::Error> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }

    /// A request was answered. `route` is the pattern, not the path.
    pub fn http_request(&self, method: &str, route: &str, status: u16, time: Duration) {
        let method = label("method", method.to_owned());
        let route = label("route", route.to_owned());
        self.instruments
            .http_duration
            .record(time.as_secs_f64(), &[method.clone(), route.clone()]);
        self.instruments
            .http_requests
            .add(1, &[method, route, label("status", i64::from(status))]);
    }

    /// A request began (`1`) or ended (`-1`).
    pub fn http_in_flight(&self, change: i64) {
        self.instruments.http_in_flight.add(change, &[]);
    }

    /// The rate limit refused a request; `key` is `principal` or `address`.
    pub fn http_limited(&self, key: &'static str) {
        self.instruments.http_limited.add(1, &[label("key", key)]);
    }

    /// A transaction ended after `retries` repeated attempts.
    pub fn db_tx(
        &self,
        service: &str,
        name: &'static str,
        outcome: TxOutcome,
        retries: u32,
        time: Duration,
    ) {
        let labels = [label("service", service.to_owned()), label("name", name)];
        self.instruments
            .db_tx_duration
            .record(time.as_secs_f64(), &labels);
        if retries > 0 {
            self.instruments
                .db_tx_retries
                .add(u64::from(retries), &labels);
        }
        let [service, name] = labels;
        let outcome = match outcome {
            TxOutcome::Committed => "committed",
            TxOutcome::Refused => "refused",
            TxOutcome::Failed => "failed",
        };
        self.instruments
            .db_tx
            .add(1, &[service, name, label("outcome", outcome)]);
    }

    /// A connection was waited for.
    pub fn db_pool_wait(&self, service: &str, time: Duration) {
        self.instruments
            .db_pool_wait
            .record(time.as_secs_f64(), &[label("service", service.to_owned())]);
    }

    /// The stream acknowledged `count` events.
    pub fn outbox_published(&self, service: &str, count: u64) {
        self.instruments
            .outbox_published
            .add(count, &[label("service", service.to_owned())]);
    }

    /// What waits in the outbox, and the age of the oldest (zero when nothing waits).
    pub fn outbox_pending(&self, service: &str, pending: u64, oldest: Duration) {
        let labels = [label("service", service.to_owned())];
        self.instruments.outbox_pending.record(pending, &labels);
        self.instruments
            .outbox_oldest
            .record(oldest.as_secs_f64(), &labels);
    }

    /// A consumer dealt with an event.
    pub fn consumer_event(&self, service: &str, consumer: &str, outcome: Applied, time: Duration) {
        let service = label("service", service.to_owned());
        let consumer = label("consumer", consumer.to_owned());
        self.instruments
            .consumer_duration
            .record(time.as_secs_f64(), &[service.clone(), consumer.clone()]);
        let outcome = match outcome {
            Applied::Applied => "applied",
            Applied::Duplicate => "duplicate",
            Applied::Failed => "failed",
            Applied::DeadLettered => "dead_lettered",
        };
        self.instruments
            .consumer_events
            .add(1, &[service, consumer, label("outcome", outcome)]);
    }

    /// How many dead letters a service keeps.
    pub fn dead_letters(&self, service: &str, count: u64) {
        self.instruments
            .dead_letters
            .record(count, &[label("service", service.to_owned())]);
    }

    /// A question to another service was answered or given up. `outcome` is `answered`, `refused`, `timed_out` or `failed`.
    pub fn question(&self, asker: &str, subject: &str, outcome: &'static str, time: Duration) {
        let labels = [
            label("asker", asker.to_owned()),
            label("subject", subject.to_owned()),
            label("outcome", outcome),
        ];
        self.instruments
            .question_duration
            .record(time.as_secs_f64(), &labels);
    }

    /// How a node below stands: since when it is silent, and how much is missing.
    pub fn node_below(&self, node: &str, silence: Duration, missing: u64) {
        let labels = [label("node", node.to_owned())];
        self.instruments
            .node_silence
            .record(silence.as_secs_f64(), &labels);
        self.instruments.node_missing.record(missing, &labels);
    }

    /// Whether a node below refuses the policy it was handed down.
    pub fn node_policy_refused(&self, node: &str, refused: bool) {
        let labels = [label("node", node.to_owned())];
        let refused = u64::from(refused);
        self.instruments
            .node_policy_refused
            .record(refused, &labels);
    }

    /// How many messages of another node are kept aside.
    pub fn node_dead_letters(&self, node: &str, count: u64) {
        let labels = [label("node", node.to_owned())];
        self.instruments.node_dead_letters.record(count, &labels);
    }

    /// What the node above has not confirmed, and the age of the oldest of it (zero when there is nothing).
    pub fn up_unconfirmed(&self, count: u64, oldest: Duration) {
        self.instruments.up_unconfirmed.record(count, &[]);
        self.instruments
            .up_unconfirmed_oldest
            .record(oldest.as_secs_f64(), &[]);
    }

    /// In how many seconds the credentials of the link to the node above end; negative afterwards.
    pub fn link_ends(&self, seconds: f64) {
        self.instruments.link_ends.record(seconds, &[]);
    }

    /// A clock of this kind warned or fell due.
    pub fn clock_fired(&self, service: &str, kind: &str) {
        let labels = [
            label("service", service.to_owned()),
            label("kind", kind.to_owned()),
        ];
        self.instruments.clocks_fired.add(1, &labels);
    }

    /// A due clock of this kind could not be handled and was put off.
    pub fn clock_failed(&self, service: &str, kind: &str) {
        let labels = [
            label("service", service.to_owned()),
            label("kind", kind.to_owned()),
        ];
        self.instruments.clocks_failed.add(1, &labels);
    }
}
