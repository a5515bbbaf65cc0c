//! The trace a piece of work belongs to, as text on the wire (W3C Trace Context).

use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, TraceId};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The one header of Trace Context that we carry on.
struct TraceParent(Option<String>);

impl Extractor for TraceParent {
    fn get(&self, key: &str) -> Option<&str> {
        if key.eq_ignore_ascii_case("traceparent") {
            self.0.as_deref()
        } else {
            None
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

impl Injector for TraceParent {
    fn set(&mut self, key: &str, value: String) {
        if key.eq_ignore_ascii_case("traceparent") {
            self.0 = Some(value);
        }
    }
}

/// The `traceparent` of the current span, to be stored with an event or sent with a question. `None` without telemetry.
#[must_use]
pub fn traceparent() -> Option<String> {
    let mut carrier = TraceParent(None);
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.0
}

/// The remote context in a `traceparent`; an invalid one gives an empty context, which starts a trace of its own.
#[must_use]
pub fn extract(traceparent: &str) -> Context {
    TraceContextPropagator::new()
        .extract_with_context(&Context::new(), &TraceParent(Some(traceparent.to_owned())))
}

/// Makes `span` a child of the work that sent `traceparent`. To be called before the span is entered.
pub fn set_parent(span: &Span, traceparent: &str) {
    // Fails only where no telemetry is installed, or for a disabled span: nothing to link then.
    let _ = span.set_parent(extract(traceparent));
}

/// The id of the current trace: 32 hexadecimal digits. `None` without telemetry.
#[must_use]
pub fn trace_id() -> Option<String> {
    let id = Span::current().context().span().span_context().trace_id();
    (id != TraceId::INVALID).then(|| id.to_string())
}
