//! The stream is deleted, or loses events that a consumer has not seen: the outboxes restore it.

use std::collections::BTreeSet;

use contracts::Service;
use e2e::{
    Mode, TestNode,
    cast::Cast,
    flow::{Case, Course, expected_events},
    node::{STREAM, settle::eventually},
};
use rstest::rstest;

/// How many different events the stream holds.
async fn distinct(jetstream: &async_nats::jetstream::Context) -> usize {
    let stream = jetstream.get_stream(STREAM).await.unwrap();
    let mut ids = BTreeSet::new();
    for sequence in 1..=stream.cached_info().state.last_sequence {
        ids.insert(
            stream
                .get_raw_message(sequence)
                .await
                .unwrap()
                .headers
                .get("ce-id")
                .unwrap()
                .to_string(),
        );
    }
    ids.len()
}

#[rstest]
#[case::one_process(Mode::One)]
#[case::six_processes(Mode::Six)]
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_stream_is_refilled_for_every_consumer(#[case] mode: Mode) {
    let node = TestNode::start(mode).await.unwrap();
    let (api, cast) = (&node.api, Cast::gather(&node).await.unwrap());
    let jetstream = async_nats::jetstream::new(node.bus().await.unwrap());
    let mut cases = Vec::new();
    for course in Course::ALL {
        let mut case = Case::register(api, &cast, course, &e2e::flow::matter("zhang-san"))
            .await
            .unwrap();
        case.triage(api, &cast).await.unwrap();
        cases.push(case);
    }
    jetstream.delete_stream(STREAM).await.unwrap();
    for case in &mut cases {
        case.mediate(api, &cast).await.unwrap();
        case.confirm(api, &cast).await.unwrap();
        case.perform(api, &cast).await.unwrap();
        case.close(api, &cast).await.unwrap();
    }
    node.reconciled().await.unwrap();
    node.check_published(&expected_events(Course::ALL))
        .await
        .unwrap();
    let events: i64 = node.published().await.unwrap().values().sum();
    // A relay notices within ten seconds, or as soon as a publication fails; one that published to the new stream before it
    // noticed publishes those events a second time.
    let created = jetstream.get_stream(STREAM).await.unwrap();
    let created = created.cached_info().created;
    let sql = node.sql().await.unwrap();
    eventually("every relay knows the new stream", async || {
        for service in Service::ALL {
            let known = format!(
                "SELECT stream_created = $1 FROM {}.outbox_state",
                service.schema()
            );
            if sql
                .query_one(&known, &[&created])
                .await?
                .get::<_, Option<bool>>(0)
                != Some(true)
            {
                return Ok(false);
            }
        }
        Ok(true)
    })
    .await
    .unwrap();
    node.reconciled().await.unwrap();
    assert_eq!(
        i64::try_from(distinct(&jetstream).await).unwrap(),
        events,
        "the new stream holds everything"
    );

    // What is published a second time is applied by nobody a second time.
    let messages = async || {
        jetstream
            .get_stream(STREAM)
            .await
            .unwrap()
            .cached_info()
            .state
            .messages
    };
    let (before, published) = (node.stored().await.unwrap(), messages().await);
    node.run_well(&["outbox", "replay", "--since", "2020-01-01T00:00:00Z"])
        .await
        .unwrap();
    eventually("everything is published again", async || {
        Ok(i64::try_from(messages().await - published)? == events)
    })
    .await
    .unwrap();
    node.reconciled().await.unwrap();
    let changed = e2e::stored::changed(&before, &node.stored().await.unwrap());
    let business: Vec<&String> = changed
        .iter()
        .filter(|table| !table.contains(".outbox"))
        .collect();
    assert!(business.is_empty(), "changed by a replay: {business:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_gives_a_consumer_what_the_stream_lost_before_it_came() {
    let mut node = TestNode::start(Mode::Six).await.unwrap();
    let (api, cast) = (node.api.clone(), Cast::gather(&node).await.unwrap());
    let first = Case::play(&api, &cast, Course::Oral, "zhang-san")
        .await
        .unwrap();
    node.settle().await.unwrap();
    node.kill9_one("reporting").await.unwrap();
    let since = chassis::time::Time::system().now();
    let second = Case::play(&api, &cast, Course::Confirmed, "zhang-san")
        .await
        .unwrap();
    let jetstream = async_nats::jetstream::new(node.bus().await.unwrap());
    let stream = jetstream.get_stream(STREAM).await.unwrap();
    eventually("the others have applied everything", async || {
        let info = stream.consumer_info("intake").await?;
        Ok(info.num_pending == 0 && info.num_ack_pending == 0)
    })
    .await
    .unwrap();
    stream.purge().await.unwrap();
    node.start_processes().await.unwrap();
    node.settle().await.unwrap();

    let ledger = async |case: &Case| {
        api.get(
            &format!("/reporting/v1/ledger/{}", case.case_id),
            &cast.leader,
        )
        .await
        .unwrap()
    };
    ledger(&first).await.expect(200).unwrap();
    ledger(&second)
        .await
        .expect_problem(404, "not-found")
        .unwrap();
    let reconcile = node.run(&["reconcile"]).await.unwrap();
    assert!(!reconcile.status.success(), "the loss is noticed");

    let told = node
        .run_well(&["outbox", "replay", "--since", &since.to_rfc3339()])
        .await
        .unwrap();
    assert!(
        told.contains("judicial-confirmation: 6 events will be published again"),
        "{told}"
    );
    eventually("the second case is there", async || {
        Ok(ledger(&second).await.status == 200)
    })
    .await
    .unwrap();
    node.reconciled().await.unwrap();
    let entry = ledger(&second).await.expect(200).unwrap();
    assert!(entry["closed_at"].is_string(), "{entry}");
}
