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
        one[3..35],
        two[3..35],
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
