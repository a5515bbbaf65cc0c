//! Logs, traces and metrics of a process.
//!
//! Logs are one line each on the standard error output, with the trace they belong to. Traces leave over OTLP when an
//! endpoint is configured; ids are made in any case, so that a problem or a log line can always name its trace. Metrics
//! are read at `/metrics`. None of the three ever carries a person's data: routes not paths, codes not values.

mod init;
mod instruments;
mod json_lines;
mod metrics;
mod trace;

pub use init::{Guard, TelemetryError, init, init_for_tests};
pub use metrics::{Applied, Metrics, TxOutcome, metrics};
pub use trace::{extract, set_parent, trace_id, traceparent};
