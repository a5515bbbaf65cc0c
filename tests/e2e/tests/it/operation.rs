//! What an operator does to a running node.

use contracts::{
    Service,
    events::Envelope,
    ids::{EventId, TypedId as _},
};
use e2e::{
    Mode, TestNode,
    cast::Cast,
    flow::{Case, Course},
    node::settle::eventually,
};
use rstest::rstest;
use serde_json::Value;

/// Everything reporting says in numbers.
async fn numbers(node: &TestNode, cast: &Cast) -> Vec<Value> {
    let dimensions = [
        "type", "region", "source", "channel", "class", "route", "track", "colour", "outcome",
    ];
    let mut found = Vec::new();
    for query in
        dimensions.map(|dimension| format!("/reporting/v1/statistics?dimension={dimension}"))
    {
        found.push(
            node.api
                .get(&query, &cast.leader)
                .await
                .unwrap()
                .expect(200)
                .unwrap(),
        );
    }
    found.push(
        node.api
            .get("/reporting/v1/ledger?limit=200", &cast.leader)
            .await
            .unwrap()
            .expect(200)
            .unwrap(),
    );
    let mut indicators = node
        .api
        .get("/reporting/v1/indicators", &cast.leader)
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    indicators["as_of"] = Value::Null;
    found.push(indicators);
    found
}

#[rstest]
#[case::one_process(Mode::One)]
#[case::six_processes(Mode::Six)]
#[tokio::test(flavor = "multi_thread")]
async fn reporting_is_rebuilt_to_the_same_numbers_and_a_node_stops_cleanly(#[case] mode: Mode) {
    let mut node = TestNode::start(mode).await.unwrap();
    let (api, cast) = (node.api.clone(), Cast::gather(&node).await.unwrap());
    for course in Course::ALL {
        Case::play(&api, &cast, course, "zhang-san").await.unwrap();
    }
    // One that is under way.
    let mut open = Case::register(&api, &cast, Course::Oral, &e2e::flow::matter("zhang-san"))
        .await
        .unwrap();
    open.triage(&api, &cast).await.unwrap();
    node.settle().await.unwrap();

    let before = numbers(&node, &cast).await;
    let told = node.run_well(&["rebuild", "reporting"]).await.unwrap();
    let events: i64 = node.published().await.unwrap().values().sum();
    assert!(
        told.contains(&format!("{events} events")),
        "of {events}: {told}"
    );
    assert_eq!(numbers(&node, &cast).await, before);
    // What comes after the rebuild is counted on top of it.
    open.mediate(&api, &cast).await.unwrap();
    node.reconciled().await.unwrap();
    let after = numbers(&node, &cast).await;
    assert_eq!(
        after[0]["settled"].as_u64(),
        before[0]["settled"].as_u64().map(|settled| settled + 1)
    );

    let letters = node.run_well(&["dead-letters", "list"]).await.unwrap();
    for service in Service::ALL {
        assert!(!letters.contains(service.as_str()), "{letters}");
    }
    node.run_well(&["check"]).await.unwrap();
    let again = node.run_well(&["migrate"]).await.unwrap();
    assert!(again.contains("up to date"), "{again}");

    // Connections that clients keep open do not hold up the end.
    let told = std::time::Instant::now();
    for (name, status) in node.terminate().await.unwrap() {
        assert_eq!(status.code(), Some(0), "{name}: {status}");
    }
    assert!(
        told.elapsed() < std::time::Duration::from_secs(5),
        "{:?} to stop",
        told.elapsed()
    );
    // The same data serve the next process.
    node.start_processes().await.unwrap();
    assert_eq!(numbers(&node, &cast).await, after);
    node.reconciled().await.unwrap();
}

#[rstest]
#[case::one_process(Mode::One)]
#[case::six_processes(Mode::Six)]
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_told_to_stop_finishes_what_it_was_asked(#[case] mode: Mode) {
    let mut node = TestNode::start(mode).await.unwrap();
    let (api, cast) = (node.api.clone(), Cast::gather(&node).await.unwrap());
    let playing = async {
        let mut cases = Vec::new();
        for course in Course::ALL {
            cases.push(Case::play(&api, &cast, course, "zhang-san").await.unwrap());
        }
        cases
    };
    let stopping = async {
        for _ in 0..2 {
            tokio::time::sleep(std::time::Duration::from_millis(700)).await;
            for (name, status) in node.terminate().await.unwrap() {
                assert_eq!(status.code(), Some(0), "{name}: {status}");
            }
            node.start_processes().await.unwrap();
        }
    };
    let (cases, ()) = tokio::join!(playing, stopping);
    node.reconciled().await.unwrap();
    node.check_published(&e2e::flow::expected_events(
        cases.iter().map(|case| case.course),
    ))
    .await
    .unwrap();
}

/// Rows of the list of dead letters.
async fn letters(node: &TestNode) -> Vec<String> {
    let listed = node.run_well(&["dead-letters", "list"]).await.unwrap();
    let rows = listed
        .lines()
        .filter(|line| line.contains("evt.intake.matter.accepted"));
    rows.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_cannot_be_applied_is_kept_shown_tried_again_and_dropped() {
    let node = TestNode::start(Mode::One).await.unwrap();
    let (api, cast) = (&node.api, Cast::gather(&node).await.unwrap());
    let time = chassis::time::Time::system();
    let envelope = Envelope {
        id: EventId::from_uuid(time.uuid()),
        event_type: "fengqiao.intake.matter.accepted.v1".to_owned(),
        source: "6206".parse().unwrap(),
        subject: time.uuid(),
        time: time.now(),
        service: Service::Intake,
        epoch: 1,
        seq: 1_000_000,
        case_seq: 1,
        correlation: time.uuid(),
        causation: None,
        traceparent: None,
    };
    let mut headers = async_nats::HeaderMap::new();
    for (name, value) in envelope.headers() {
        headers.insert(name, value.as_str());
    }
    let poison = async_nats::Request::new()
        .headers(headers)
        .payload("{\"case_id\":1}".into());
    let bus = node.bus().await.unwrap();
    bus.send_request("evt.intake.matter.accepted", poison)
        .await
        .unwrap();

    // Everybody who must apply it keeps it, and goes on with what comes after it.
    let case = Case::play(api, &cast, Course::Oral, "zhang-san")
        .await
        .unwrap();
    node.settle().await.unwrap();
    let consumers = letters(&node).await;
    assert!(consumers.len() >= 3, "{consumers:?}");
    for service in ["triage", "mediation", "reporting"] {
        assert!(
            consumers.iter().any(|row| row.trim().starts_with(service)),
            "{service}: {consumers:?}"
        );
    }
    let ledger = api
        .get(
            &format!("/reporting/v1/ledger/{}", case.case_id),
            &cast.leader,
        )
        .await
        .unwrap();
    assert!(ledger.expect(200).unwrap()["closed_at"].is_string());
    let id = envelope.id.to_string();
    let shown = node.run_well(&["dead-letters", "show", &id]).await.unwrap();
    assert!(
        shown.contains("{\"case_id\":1}") && shown.contains(&envelope.correlation.to_string()),
        "{shown}"
    );
    let reconcile = node.run(&["reconcile"]).await.unwrap();
    assert!(!reconcile.status.success(), "dead letters are no peace");

    // Tried again in vain, it stays.
    node.run_well(&["dead-letters", "replay", &id])
        .await
        .unwrap();
    let tried = format!(
        "SELECT count(*) FROM triage.dead_letters WHERE attempts > 5 AND NOT replay AND event_id = '{id}'"
    );
    let sql = node.sql().await.unwrap();
    eventually("it is tried again", async || {
        Ok(sql.query_one(&tried, &[]).await?.get::<_, i64>(0) == 1)
    })
    .await
    .unwrap();
    assert_eq!(letters(&node).await.len(), consumers.len());
    // Each of them may need another way out: none is dropped that was not named.
    let refused = node.run(&["dead-letters", "drop", &id]).await.unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && said.contains("--service"),
        "{said}"
    );
    assert_eq!(letters(&node).await.len(), consumers.len());
    for (left, row) in consumers.iter().enumerate().rev() {
        let consumer = row.split_whitespace().next().unwrap_or_default();
        let drop = ["dead-letters", "drop", &id, "--service", consumer];
        node.run_well(&drop).await.unwrap();
        assert_eq!(letters(&node).await.len(), left);
    }
    assert_eq!(letters(&node).await, Vec::<String>::new());
    for command in ["show", "drop", "replay"] {
        let unknown = node.run(&["dead-letters", command, &id]).await.unwrap();
        assert_eq!(unknown.status.code(), Some(1), "{command}");
    }
}
