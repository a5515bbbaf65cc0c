//! A collector of traces: what an operator would point `telemetry.otlp_endpoint` at.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context as _, Result};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
};
use prost::Message as _;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// A span that was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The process: `fengqiao-intake`.
    pub process: String,
    /// Its trace, 32 hexadecimal digits.
    pub trace_id: String,
    /// Its id, 16 hexadecimal digits.
    pub span_id: String,
    /// The span it is part of, empty when there is none.
    pub parent_id: String,
    /// Its name.
    pub name: String,
    /// Its text attributes, `key=value`.
    pub attributes: Vec<String>,
}

/// Takes spans over OTLP/HTTP on a free port of the loopback address.
#[derive(Debug)]
pub struct Collector {
    port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    _task: JoinSet<()>,
}

impl Collector {
    /// Starts it.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("listen for traces")?;
        let port = listener.local_addr()?.port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (mut task, all) = (JoinSet::new(), Arc::clone(&seen));
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let all = Arc::clone(&all);
                connections.spawn(async move {
                    // An exporter that hangs up tries again.
                    _ = serve(stream, &all).await;
                });
            }
        });
        Ok(Self {
            port,
            seen,
            _task: task,
        })
    }

    /// The address for `telemetry.otlp_endpoint`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}/v1/traces", self.port)
    }

    /// The spans of a trace.
    #[must_use]
    pub fn trace(&self, trace_id: &str) -> Vec<Seen> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter()
            .filter(|span| span.trace_id == trace_id)
            .cloned()
            .collect()
    }
}

async fn serve(mut stream: TcpStream, seen: &Mutex<Vec<Seen>>) -> Result<()> {
    let mut reader = BufReader::new(&mut stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if reader.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let header = line.trim().to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            if header.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).await?;
        let spans = spans(&ExportTraceServiceRequest::decode(body.as_slice())?);
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(spans);
        let answer =
            b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
        reader.get_mut().write_all(answer).await?;
    }
}

fn spans(request: &ExportTraceServiceRequest) -> Vec<Seen> {
    let mut all = Vec::new();
    for of_process in &request.resource_spans {
        let resource = of_process
            .resource
            .as_ref()
            .map(|resource| texts(&resource.attributes))
            .unwrap_or_default();
        let process = resource
            .iter()
            .find_map(|text| text.strip_prefix("service.name="))
            .unwrap_or_default()
            .to_owned();
        for span in of_process.scope_spans.iter().flat_map(|scope| &scope.spans) {
            all.push(Seen {
                process: process.clone(),
                trace_id: hex(&span.trace_id),
                span_id: hex(&span.span_id),
                parent_id: hex(&span.parent_span_id),
                name: span.name.clone(),
                attributes: texts(&span.attributes),
            });
        }
    }
    all
}

fn texts(attributes: &[KeyValue]) -> Vec<String> {
    let text = |attribute: &KeyValue| match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(format!("{}={text}", attribute.key)),
        _ => None,
    };
    attributes.iter().filter_map(text).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
