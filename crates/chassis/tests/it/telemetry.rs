//! Traces and log lines.

use chassis::telemetry;

use crate::http::toy::{Toy, answer};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_continues_its_callers_trace() {
    let toy = Toy::start().await;
    let trace = async |parent: Option<&str>| {
        let mut request = toy.get("/intake/v1/trace");
        if let Some(parent) = parent {
            request = request.header("traceparent", parent);
        }
        answer(request).await.1["traceparent"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let continued = trace(Some(PARENT)).await;
    assert!(
        continued.starts_with("00-0af7651916cd43dd8448eb211c80319c-"),
        "{continued}"
    );
    assert!(
        !continued.contains("b7ad6b7169203331"),
        "in a span of its own: {continued}"
    );
    let (one, two) = (trace(None).await, trace(None).await);
    assert_ne!(
        one.split('-').nth(1),
        two.split('-').nth(1),
        "without one, each request starts a trace"
    );
    for broken in [
        "",
        "x",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    ] {
        assert_eq!(
            trace(Some(broken)).await.len(),
            55,
            "{broken:?} starts a new one"
        );
    }
    let problem = toy
        .get("/intake/v1/fail/rule")
        .header("traceparent", PARENT)
        .send()
        .await
        .unwrap();
    assert_eq!(
        problem.headers()["x-request-id"],
        "0af7651916cd43dd8448eb211c80319c"
    );
}

#[test]
fn a_span_takes_a_stored_parent() {
    telemetry::init_for_tests();
    assert_eq!(telemetry::traceparent(), None, "outside of any span");
    assert_eq!(telemetry::trace_id(), None);
    let span = tracing::info_span!("consume");
    telemetry::set_parent(&span, PARENT);
    span.in_scope(|| {
        assert_eq!(
            telemetry::trace_id().as_deref(),
            Some("0af7651916cd43dd8448eb211c80319c")
        );
        let inner = tracing::info_span!("transaction");
        let outer = telemetry::traceparent();
        inner.in_scope(|| {
            assert_eq!(
                telemetry::trace_id().as_deref(),
                Some("0af7651916cd43dd8448eb211c80319c")
            );
            assert_ne!(telemetry::traceparent(), outer);
        });
    });
}

/// Takes one request of an exporter and gives its first line and body.
fn collect_one(listener: &std::net::TcpListener) -> (String, Vec<u8>) {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    let (mut stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        .unwrap();
    (first, body)
}

/// Needs a process of its own, which nextest gives it: telemetry is installed once a process.
#[test]
fn finished_spans_are_sent_when_the_guard_goes() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let config = chassis::config::TelemetryConfig {
        otlp_endpoint: Some(format!(
            "http://{}/v1/traces",
            listener.local_addr().unwrap()
        )),
        log_filter: "off".to_owned(),
        ..Default::default()
    };
    let Ok(guard) = telemetry::init(&config, "fengqiao-toys", "6206") else {
        return;
    };
    assert!(
        telemetry::init(&config, "again", "6206").is_err(),
        "once a process"
    );
    let span = tracing::info_span!("apply", otel.name = "apply toy.made");
    telemetry::set_parent(&span, PARENT);
    span.in_scope(|| tracing::info!("an event"));
    drop(span);
    let collector = std::thread::spawn(move || collect_one(&listener));
    drop(guard);
    let (first, body) = collector.join().unwrap();
    assert_eq!(first.trim(), "POST /v1/traces HTTP/1.1");
    let has = |bytes: &[u8]| body.windows(bytes.len()).any(|window| window == bytes);
    assert!(has(b"fengqiao-toys") && has(b"apply toy.made") && has(b"6206"));
    let trace = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes();
    assert!(has(&trace), "the span belongs to the trace it continued");
}
