//! Messages that are wrong, strange, or from a clock that is: kept aside, while the others flow.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests publish what no outbox would"
)]

use async_nats::{HeaderMap, jetstream};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chassis::{bus::dead_letters, time::Time};
use chrono::TimeDelta;
use contracts::{
    Service,
    events::{Envelope, header},
    ids::{EventId, TypedId as _},
};
use nkeys::KeyPair;
use serde_json::json;
use uuid::Uuid;

use crate::{
    node::{Node, eventually, now, region},
    told::{metric_of, seen_whole, told_once, told_once_in_order, until_told},
};

const FACT: &str = "fengqiao.federation.fact.sent.v1";

/// A message as `source` would send it, signed with `key`.
fn message(source: &str, subject: &str, body: &[u8], key: Option<&KeyPair>) -> HeaderMap {
    let id: EventId = Time::system().id();
    let envelope = Envelope {
        id,
        event_type: FACT.to_owned(),
        source: region(source),
        subject: id.uuid(),
        time: now(),
        service: Service::Federation,
        epoch: 1,
        seq: 1_000_000,
        case_seq: 0,
        correlation: id.uuid(),
        causation: None,
        traceparent: None,
    };
    let mut headers = HeaderMap::new();
    for (name, value) in envelope.headers() {
        headers.insert(name, value.as_str());
    }
    if let Some(key) = key {
        let mut text = subject.to_owned();
        for name in [
            header::ID,
            header::TYPE,
            header::SUBJECT,
            header::ORIGIN,
            header::EPOCH,
            header::SEQ,
        ] {
            text.push('\n');
            text.push_str(headers.get(name).unwrap().as_str());
        }
        text.push('\n');
        let signature = key.sign(&[text.as_bytes(), body].concat()).unwrap();
        headers.insert("fq-signature", STANDARD.encode(signature).as_str());
    }
    headers
}

fn fact(event_type: &str) -> (Uuid, serde_json::Value) {
    let id: EventId = Time::system().id();
    let body = json!({
        "event_id": id, "event_type": event_type, "service": "intake", "epoch": 1, "seq": 1,
        "occurred_at": "2026-09-01T02:00:00Z", "body": {},
    });
    (id.uuid(), body)
}

/// Lets the border desk itself send something.
async fn send(node: &Node, kind: &str, body: &serde_json::Value) {
    let (object, _) = kind.split_once('.').unwrap();
    let sql = node.sql().await;
    sql.execute(
        "INSERT INTO federation.up_outbox (event_id, nats_subject, event_type, subject, case_seq, correlation, payload, occurred_at)
         VALUES ($1, $2, $3, $1, 0, $1, $4, now())",
        &[
            &Time::system().uuid(),
            &format!("up.62.06.02._.{object}.sent"),
            &format!("fengqiao.federation.{kind}"),
            body,
        ],
    )
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_message_is_kept_aside_and_the_others_flow() {
    let city = Node::root("6206").await;
    let west = Node::below(&city, "620602").await;
    let east = Node::below(&city, "620621").await;
    let (mut of_west, mut of_east) = tokio::join!(west.make(50), east.make(50));
    until_told(&city, &of_west).await;
    until_told(&city, &of_east).await;

    // Whoever has the keys of the county's server, or its desk's login, but not its signing key.
    let streams = jetstream::new(west.anybody("fed").await);
    let mut config = streams
        .get_stream("UP")
        .await
        .unwrap()
        .cached_info()
        .config
        .clone();
    config.subjects.push("up.62.06.02.001.>".to_owned());
    streams.update_stream(config).await.unwrap();
    let (own, below) = ("up.62.06.02._.fact.sent", "up.62.06.02.001.fact.sent");
    let (told, body) = fact("fengqiao.intake.matter.accepted.v1");
    let body = body.to_string().into_bytes();
    let stranger = KeyPair::new_server();
    let signing = west.keys.signing();
    let mut tampered = message("620602", own, &body, Some(signing));
    tampered.insert(header::SEQ, "1000001");
    let poison = [
        (
            own,
            message("620602", own, &body, Some(&stranger)),
            "signature",
        ),
        (own, message("620602", own, &body, None), "signature"),
        (
            own,
            message("620602", own, b"{ }", Some(signing)),
            "other body",
        ),
        (own, tampered, "signature"),
        (
            own,
            message("620621", own, &body, Some(east.keys.signing())),
            "another node's source",
        ),
        (
            below,
            message("620602", below, &body, Some(signing)),
            "another node's subject",
        ),
        (own, HeaderMap::new(), "no attributes"),
    ];
    let count = poison.len();
    // One more has a body that does not parse.
    let poisoned = || {
        let refused = std::iter::repeat_n("message-refused", count - 1);
        ["invalid-body", "invalid-header"]
            .into_iter()
            .chain(refused)
            .collect::<Vec<_>>()
    };
    for (subject, headers, _) in poison {
        let ack = streams
            .publish_with_headers(subject, headers, body.clone().into())
            .await
            .unwrap();
        ack.await.unwrap();
    }
    // A body that does not parse, properly sent; it has its place in the sequence.
    send(&west, "fact.sent.v1", &json!({"event_id": Uuid::nil()})).await;

    let (more_west, more_east) = tokio::join!(west.make(100), east.make(100));
    of_west.extend(more_west);
    of_east.extend(more_east);
    told_once_in_order(&city, &[(&west, &of_west), (&east, &of_east)]).await;
    eventually("all of it is kept aside", async || {
        city.dead_letters().await.len() == count + 1
    })
    .await;
    assert_eq!(problems(&city).await, poisoned());
    eventually("the alarm shows whose they are", async || {
        metric_of("fengqiao_federation_node_dead_letters", &west) > Some(1.0)
    })
    .await;
    seen_whole(&city, &west).await;
    seen_whole(&city, &east).await;

    // Tried again, they are checked again: nothing is applied, and nothing is lost.
    replay_all(&city).await;
    assert_eq!(problems(&city).await, poisoned());
    told_once(&city, &[(&west, &of_west), (&east, &of_east)]).await;

    // One that was changed on its way is put right, and lies there twice: it is applied once.
    let sql = city.sql().await;
    sql.batch_execute(
        "SET search_path = federation;
         INSERT INTO dead_letters (event_id, nats_subject, headers, payload, problem, detail, attempts, failed_at, in_inbox)
         SELECT gen_random_uuid(), nats_subject, headers, payload, problem, detail, attempts, failed_at, in_inbox
         FROM dead_letters WHERE headers->>'fq-seq' = '1000001';
         UPDATE dead_letters SET headers = jsonb_set(headers, '{fq-seq}', '\"1000000\"') WHERE headers->>'fq-seq' = '1000001'",
    )
    .await
    .unwrap();
    let kept_aside = city.dead_letters().await.len();
    replay_all(&city).await;
    assert_eq!(city.dead_letters().await.len(), kept_aside - 2);
    of_west.push(told);
    told_once(&city, &[(&west, &of_west), (&east, &of_east)]).await;
}

/// The codes of what is kept aside, in order.
async fn problems(node: &Node) -> Vec<String> {
    let letters = node.dead_letters().await.into_iter();
    let mut problems: Vec<_> = letters.map(|letter| letter.problem).collect();
    problems.sort();
    problems
}

/// Tries all that is kept aside again, and waits until it was.
async fn replay_all(node: &Node) {
    dead_letters::replay(&node.db(), None).await.unwrap();
    eventually("all was tried again", async || {
        node.count("dead_letters WHERE replay").await == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_come_through_its_child_is_refused() {
    let city = Node::root("6206").await;
    let west = Node::below(&city, "620602").await;
    let facts = west.make(10).await;
    until_told(&city, &facts).await;
    // Put straight into the city's stream, with a good signature: only the way it came is wrong.
    let streams = jetstream::new(city.anybody("fed").await);
    let mut config = streams
        .get_stream("UP")
        .await
        .unwrap()
        .cached_info()
        .config
        .clone();
    config.subjects.push("up.62.06.02.>".to_owned());
    streams.update_stream(config).await.unwrap();
    let subject = "up.62.06.02._.fact.sent";
    let (_, body) = fact("fengqiao.intake.matter.accepted.v1");
    let body = body.to_string().into_bytes();
    let headers = message("620602", subject, &body, Some(west.keys.signing()));
    let ack = streams
        .publish_with_headers(subject, headers, body.into())
        .await
        .unwrap();
    ack.await.unwrap();
    eventually("it is kept aside", async || {
        let letters = city.dead_letters().await;
        letters.len() == 1 && letters[0].problem == "message-refused"
    })
    .await;
    told_once_in_order(&city, &[(&west, &facts)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_of_another_release_is_understood_as_far_as_possible() {
    let city = Node::root("6206").await;
    let county = Node::below(&city, "620602").await;
    let mut facts = county.make(20).await;
    until_told(&city, &facts).await;
    // A kind of message that this release does not know is kept for one that does.
    send(&county, "novelty.sent.v1", &json!({"anything": 1})).await;
    // A kind of event it does not know is told like any other.
    let (id, body) = fact("fengqiao.intake.matter.accepted.v9");
    send(&county, "fact.sent.v1", &body).await;
    // A field it does not know is no reason to refuse the rest.
    let (more, mut body) = fact("fengqiao.intake.matter.accepted.v1");
    body["new_field"] = json!(true);
    send(&county, "fact.sent.v1", &body).await;
    // What an earlier release said as well, without the fields that came since.
    let signing = county.keys.signing().public_key();
    let keys = json!({ "node": "620602", "signing": signing, "sealing": county.keys.sealing().public_key() });
    let checkpoint = json!({
        "epoch": 1, "seq": 1, "clock": now(), "release": "0.0.1", "policy_version": "", "keys": keys,
    });
    send(&county, "checkpoint.reached.v1", &checkpoint).await;
    until_told(&city, &[id, more]).await;
    facts.extend(county.make(50).await);
    until_told(&city, &facts).await;
    seen_whole(&city, &county).await;
    let letters = city.dead_letters().await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(letters[0].nats_subject, "up.62.06.02._.novelty.sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_ten_minutes_off_is_shown_and_hurts_nothing() {
    let city = Node::root("6206").await;
    let mut early = Node::invited(&city, "620602").await;
    let mut late = Node::invited(&city, "620621").await;
    early.time = Time::mock(now() - TimeDelta::minutes(10));
    late.time = Time::mock(now() + TimeDelta::minutes(10));
    early.join(&city).await;
    late.join(&city).await;
    let (of_early, of_late) = tokio::join!(early.make(100), late.make(100));
    told_once_in_order(&city, &[(&early, &of_early), (&late, &of_late)]).await;
    for (node, off) in [(&early, -600_000), (&late, 600_000)] {
        seen_whole(&city, node).await;
        // The mock clock stands still.
        let seen = city.sees(node).await.clock_off_ms;
        assert!((seen - off).abs() < 60_000, "{seen}");
        eventually("the county knows that all has arrived", async || {
            node.sending().await.confirmed > 100
        })
        .await;
    }
    assert!(city.dead_letters().await.is_empty());
}

/// The province's keys come to a county with the city's book, and a message of the province may be quicker.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_from_above_waits_for_the_keys_of_its_sender() {
    let province = Node::root("62").await;
    let city = Node::below(&province, "6206").await;
    let county = Node::below(&city, "620602").await;
    let keys = "nodes_keys WHERE code = '62'";
    eventually("the county knows the province's keys", async || {
        county.count(keys).await == 1
    })
    .await;
    let sql = county.sql().await;
    sql.batch_execute(
        "CREATE TABLE kept AS SELECT * FROM federation.nodes_keys WHERE code = '62';
         DELETE FROM federation.nodes_keys WHERE code = '62'",
    )
    .await
    .unwrap();
    // The border desk reads them every two seconds.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;

    let request = Time::system().uuid();
    let step = json!({
        "request_id": request, "number": 1, "kind": "circulate", "case_id": null, "from_node": "62", "to_node": "620602",
        "by_node": "62", "step": "sent", "at": now(), "text": "通报", "sealed_text": null, "due_on": null, "values": {},
        "sealed": null, "handover": 0, "figures": null, "awaits_seen": false,
    });
    let sent = "INSERT INTO federation.down_outbox (event_id, nats_subject, event_type, subject, case_seq, correlation, payload, occurred_at)
         VALUES ($1, 'down.62.06.02._.request.stepped', 'fengqiao.federation.request.stepped.v1', $1, 0, $1, $2, now())";
    let above = province.sql().await;
    above.execute(sent, &[&request, &step]).await.unwrap();
    let streams = jetstream::new(county.anybody("fed").await);
    eventually("the message is at the county", async || {
        let stream = streams.get_stream("DOWN").await.unwrap();
        let last = stream.get_last_raw_message_by_subject("down.62.06.02._.request.stepped");
        last.await.is_ok()
    })
    .await;
    let arrived = format!("requests WHERE id = '{request}'");
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(county.count(&arrived).await, 0, "nobody could judge it yet");

    sql.batch_execute("INSERT INTO federation.nodes_keys SELECT * FROM kept")
        .await
        .unwrap();
    eventually("it was judged again", async || {
        county.count(&arrived).await == 1
    })
    .await;
    assert!(county.dead_letters().await.is_empty());
}
