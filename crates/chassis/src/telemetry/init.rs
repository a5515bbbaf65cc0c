//! Installing the subscriber, once a process.

use std::sync::Once;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use super::json_lines::JsonLines;
use crate::config::{LogFormat, TelemetryConfig};

/// Why telemetry could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The log filter has a mistake.
    #[error("telemetry.log_filter is not valid")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The exporter could not be made.
    #[error("cannot send traces to telemetry.otlp_endpoint")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// Another subscriber is in place.
    #[error("telemetry was already installed in this process")]
    AlreadyInstalled(#[from] tracing_subscriber::util::TryInitError),
}

/// Keeps telemetry working; when dropped, what is still held is sent. Drop it last, outside of any async task.
#[derive(Debug)]
#[must_use = "dropping the guard stops the traces"]
pub struct Guard {
    provider: SdkTracerProvider,
}

impl Guard {
    /// Sends the spans that are finished, now. Blocks until sent or timed out.
    pub fn flush(&self) {
        if let Err(error) = self.provider.force_flush() {
            tracing::warn!(error = %error, "traces could not be sent");
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(error = %error, "the last traces could not be sent");
        }
    }
}

/// Installs logs and traces for this process. `process` names it in traces: `fengqiao-intake`; `node` is the node's name.
///
/// # Errors
/// A wrong filter, an endpoint no exporter can be made for, or a second call in one process.
pub fn init(config: &TelemetryConfig, process: &str, node: &str) -> Result<Guard, TelemetryError> {
    let filter = EnvFilter::try_new(&config.log_filter)?;
    let provider = provider(config, process, node)?;
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("fengqiao"))
        .with_location(false);
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match config.log_format {
        LogFormat::Json => lines.event_format(JsonLines).boxed(),
        LogFormat::Text => lines.with_target(false).boxed(),
    };
    // The filter is the lines' alone: a trace stays whole when logs are quiet. Spans below INFO are nobody's business.
    let spans = spans.with_filter(
        Targets::new()
            .with_default(tracing::Level::INFO)
            // The exporter's own requests must not be traced: each would cause another.
            .with_target("hyper", LevelFilter::OFF)
            .with_target("h2", LevelFilter::OFF)
            .with_target("reqwest", LevelFilter::OFF),
    );
    tracing_subscriber::registry()
        .with(lines.with_filter(filter.and(without_traffic())))
        .with(spans)
        .try_init()?;
    Ok(Guard { provider })
}

/// Below INFO libraries print what passes through them: parameters of statements, paths, headers with tokens. No configured
/// filter lets that into the logs, where personal data must never be; only our own crates may say more.
fn without_traffic() -> Targets {
    let ours = [
        "chassis",
        "contracts",
        "policy",
        "servers",
        "intake",
        "triage",
        "mediation",
        "judicial_confirmation",
        "evaluation",
        "reporting",
        "fengqiao",
        "it",
    ];
    Targets::new()
        .with_default(LevelFilter::INFO)
        .with_targets(ours.map(|name| (name, LevelFilter::TRACE)))
}

/// The same for tests: plain text, `warn` unless `RUST_LOG` says otherwise, no exporter; any number of calls.
pub fn init_for_tests() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let log_filter = std::env::var("RUST_LOG").unwrap_or_else(|_| "warn".to_owned());
        let config = TelemetryConfig {
            log_format: LogFormat::Text,
            log_filter,
            ..TelemetryConfig::default()
        };
        match init(&config, "test", "test") {
            // Nothing is exported, so nothing is lost; tests need the subscriber until the process ends.
            Ok(guard) => std::mem::forget(guard),
            Err(error) => tracing::warn!(error = %error, "tests run without their own telemetry"),
        }
    });
}

/// Ids are made even when nothing is exported, so that logs and problems can name their trace.
fn provider(
    config: &TelemetryConfig,
    process: &str,
    node: &str,
) -> Result<SdkTracerProvider, TelemetryError> {
    let resource = Resource::builder()
        .with_service_name(process.to_owned())
        .with_attributes([
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("fengqiao.node", node.to_owned()),
        ])
        .build();
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.sample)));
    let mut builder = SdkTracerProvider::builder()
        .with_resource(resource)
        .with_sampler(sampler);
    if let Some(endpoint) = &config.otlp_endpoint {
        // The batch processor has its own thread, which is what the blocking client needs.
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(endpoint)
            .with_timeout(config.otlp_timeout);
        builder = builder.with_batch_exporter(exporter.build()?);
    }
    Ok(builder.build())
}
