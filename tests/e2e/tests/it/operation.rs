//! What an operator does to a running node.

use e2e::{
    Mode, TestNode,
    cast::Cast,
    flow::{Case, Course},
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
    for service in contracts::Service::ALL {
        assert!(!letters.contains(service.as_str()), "{letters}");
    }
    node.run_well(&["check"]).await.unwrap();
    let again = node.run_well(&["migrate"]).await.unwrap();
    assert!(again.contains("up to date"), "{again}");

    for (name, status) in node.terminate().await.unwrap() {
        assert_eq!(status.code(), Some(0), "{name}: {status}");
    }
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
