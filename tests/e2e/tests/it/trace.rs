//! One trace follows a case through HTTP, events and questions, from the window to the closed file.

use e2e::{
    Mode, Settings, TestNode,
    cast::Cast,
    collector::Collector,
    flow::{Case, Course},
    node::settle::eventually,
};
use rstest::rstest;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

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
    let cast = Cast::gather(&node).await.unwrap();
    let api = node
        .api
        .in_trace(&format!("00-{TRACE}-{CALLER}-01"))
        .unwrap();
    let answer = api.get("/intake/v1/matters", &cast.clerk).await.unwrap();
    assert_eq!(answer.headers["x-request-id"], TRACE);
    Case::play(&api, &cast, Course::Confirmed, "zhang-san")
        .await
        .unwrap();
    node.settle().await.unwrap();

    // What must be seen, and where when every service is a process of its own: requests, questions, events.
    let consumed = |service: &str, object: &str, fact: &str| {
        format!("event_type=fengqiao.{service}.{object}.{fact}.v1")
    };
    let (confirmation, court) = ("fengqiao-judicial-confirmation", "judicial-confirmation");
    let expected = [
        ("fengqiao-intake", "POST /intake/v1/matters".to_owned()),
        (
            "fengqiao-intake",
            "question=svc.intake.matter_narrative".to_owned(),
        ),
        ("fengqiao-triage", consumed("intake", "matter", "accepted")),
        (
            "fengqiao-triage",
            "POST /triage/v1/orders/{order_id}/sign".to_owned(),
        ),
        (
            "fengqiao-mediation",
            consumed("triage", "dispatch", "signed"),
        ),
        (
            "fengqiao-mediation",
            "POST /mediation/v1/agreements/{id}/signatures".to_owned(),
        ),
        (
            confirmation,
            consumed("mediation", "agreement", "effective"),
        ),
        (
            confirmation,
            "POST /judicial-confirmation/v1/applications/{id}/rule".to_owned(),
        ),
        (
            "fengqiao-mediation",
            consumed(court, "confirmation", "ruled"),
        ),
        (
            "fengqiao-mediation",
            "POST /mediation/v1/obligations/{id}/fulfil".to_owned(),
        ),
        (
            "fengqiao-evaluation",
            consumed("mediation", "performance", "fulfilled"),
        ),
        (
            "fengqiao-evaluation",
            "POST /evaluation/v1/cases/{case_id}/close".to_owned(),
        ),
        (
            "fengqiao-reporting",
            consumed("intake", "matter", "registered"),
        ),
        (
            "fengqiao-reporting",
            consumed(court, "confirmation", "ruled"),
        ),
        (
            "fengqiao-reporting",
            consumed("evaluation", "case", "closed"),
        ),
        ("fengqiao-intake", consumed("evaluation", "case", "closed")),
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

    // It is one tree under its caller: every span is part of another one, or of the caller's.
    let spans = collector.trace(TRACE);
    let known = |id: &str| id == CALLER || spans.iter().any(|other| other.span_id == id);
    let orphans = spans.iter().filter(|span| !known(&span.parent_id));
    let orphans: Vec<&str> = orphans.map(|span| span.name.as_str()).collect();
    assert!(orphans.is_empty(), "{orphans:?}");
}
