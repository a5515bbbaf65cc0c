//! One trace follows a case through HTTP, events and questions.

use e2e::{Mode, Settings, TestNode, cast::Cast, collector::Collector, node::settle::eventually};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

#[rstest]
#[case::one_process(Mode::One)]
#[case::six_processes(Mode::Six)]
#[tokio::test(flavor = "multi_thread")]
async fn a_trace_shows_every_service_a_case_passes(#[case] mode: Mode) {
    let collector = Collector::start().await.unwrap();
    let settings = Settings::of(mode)
        .variable("FENGQIAO__TELEMETRY__OTLP_ENDPOINT", collector.endpoint())
        .variable("OTEL_BSP_SCHEDULE_DELAY", "200");
    let node = TestNode::with(settings).await.unwrap();
    let (api, cast) = (&node.api, Cast::gather(&node).await.unwrap());
    let post = async |path: &str, body: &serde_json::Value| {
        let request = api
            .request(Method::POST, path)
            .bearer_auth(&cast.clerk)
            .json(body);
        let answer = api
            .send(request.header("traceparent", format!("00-{TRACE}-b7ad6b7169203331-01")))
            .await
            .unwrap();
        assert_eq!(answer.headers["x-request-id"], TRACE);
        answer.body
    };
    let matter = post("/intake/v1/matters", &e2e::flow::matter("zhang-san")).await;
    let accept = format!(
        "/intake/v1/matters/{}/accept",
        matter["id"].as_str().unwrap()
    );
    post(&accept, &json!({})).await;
    node.settle().await.unwrap();

    // What must be seen, and where when every service is a process of its own.
    let consumed = |service: &str, object: &str, fact: &str| {
        format!("event_type=fengqiao.{service}.{object}.{fact}.v1")
    };
    let expected = [
        ("fengqiao-intake", "POST /intake/v1/matters".to_owned()),
        (
            "fengqiao-intake",
            "POST /intake/v1/matters/{id}/accept".to_owned(),
        ),
        (
            "fengqiao-intake",
            "question=svc.intake.matter_narrative".to_owned(),
        ),
        ("fengqiao-triage", consumed("intake", "matter", "accepted")),
        (
            "fengqiao-mediation",
            consumed("intake", "matter", "accepted"),
        ),
        (
            "fengqiao-evaluation",
            consumed("intake", "matter", "registered"),
        ),
        (
            "fengqiao-reporting",
            consumed("intake", "matter", "registered"),
        ),
        (
            "fengqiao-reporting",
            consumed("intake", "matter", "accepted"),
        ),
        (
            "fengqiao-reporting",
            consumed("triage", "triage", "proposed"),
        ),
    ];
    let missing = || {
        let spans = collector.trace(TRACE);
        let seen = |process: &str, text: &String| {
            let process = if mode == Mode::One {
                "fengqiao"
            } else {
                process
            };
            spans.iter().any(|span| {
                span.process == process && (span.name == *text || span.attributes.contains(text))
            })
        };
        expected
            .iter()
            .filter(|(process, text)| !seen(process, text))
            .cloned()
            .collect::<Vec<_>>()
    };
    let all = eventually("every span is exported", async || Ok(missing().is_empty())).await;
    all.unwrap_or_else(|error| {
        panic!(
            "{error}; missing {:#?} in {:#?}",
            missing(),
            collector.trace(TRACE)
        )
    });

    // It is one tree: every span but those of the two requests has its parent in it.
    let spans = collector.trace(TRACE);
    let orphans = spans
        .iter()
        .filter(|span| !spans.iter().any(|other| other.span_id == span.parent_id));
    let orphans: Vec<&str> = orphans.map(|span| span.name.as_str()).collect();
    assert_eq!(orphans.len(), 2, "{orphans:?}");
    assert!(
        orphans
            .iter()
            .all(|name| name.starts_with("POST /intake/v1/matters")),
        "{orphans:?}"
    );
}
