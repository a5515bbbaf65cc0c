//! Three levels over TLS: events go up once, what is handed down reaches its subtree only.

use std::time::Duration;

use accounts::{DESK, Limits};
use async_nats::HeaderMap;
use async_nats::jetstream::consumer::pull;
use async_nats::jetstream::stream;
use futures_util::StreamExt as _;

use crate::support::{Node, messages, publish, region, subjects, until_messages};

const EACH: u64 = 20;

#[tokio::test]
async fn events_go_up_once_and_down_to_their_subtree_only() {
    let mut province = Node::new("62");
    let mut city = Node::below(&province, "6206");
    let mut west = Node::below(&city, "620602");
    let mut east = Node::below(&city, "620621");
    // The county over HTTPS, the others directly.
    east.links.parent_over_websocket = true;
    tokio::join!(province.start(), city.start(), west.start(), east.start());
    let config = std::fs::read_to_string(east.config_file()).unwrap();
    assert!(config.contains("wss://") && !config.contains("tls://"));
    tokio::join!(
        province.until_children(&["node-6206"]),
        city.until_children(&["node-620602", "node-620621"])
    );
    let (province, city, west, east) = tokio::join!(
        province.make_streams(&["6206"]),
        city.make_streams(&["620602", "620621"]),
        west.make_streams(&[]),
        east.make_streams(&[]),
    );

    for n in 0..EACH {
        publish(&west, "up.62.06.02._.case.registered", &format!("w{n}")).await;
        publish(&east, "up.62.06.21._.case.registered", &format!("e{n}")).await;
        publish(&city, "up.62.06._._.case.registered", &format!("c{n}")).await;
        publish(&province, "up.62._._._.case.registered", &format!("p{n}")).await;
    }
    let each = EACH;
    until_messages(&province, "UP", 4 * each).await;
    until_messages(&city, "UP", 3 * each).await;
    let mut all = subjects(&province, "UP").await;
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 4);

    // A batch that is stored whole or not at all is taken on like anything else.
    batch(&west, "up.62.06.02._.case.closed", 5).await;
    until_messages(&province, "UP", 4 * each + 5).await;

    for n in 0..EACH {
        publish(&province, "down.62.06.02._.note", &format!("p-w{n}")).await;
        publish(&province, "down.62.06._._.note", &format!("p-c{n}")).await;
        publish(&province, "down.62.07._._.note", &format!("p-x{n}")).await;
        publish(&city, "down.62.06.21._.note", &format!("c-e{n}")).await;
    }
    until_messages(&west, "DOWN", each).await;
    until_messages(&east, "DOWN", each).await;
    until_messages(&city, "DOWN", 3 * each).await;
    until_messages(&province, "DOWN", 3 * each).await;
    assert!(
        subjects(&west, "DOWN")
            .await
            .iter()
            .all(|subject| subject == "down.62.06.02._.note")
    );

    // Nothing came twice, nothing came later.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(messages(&province, "UP").await, 4 * each + 5);
    assert_eq!(messages(&city, "UP").await, 3 * each + 5);
    assert_eq!(messages(&west, "UP").await, each + 5);
    assert_eq!(messages(&west, "DOWN").await, each);
    assert_eq!(messages(&province, "DOWN").await, 3 * each);
}

#[tokio::test]
async fn the_federation_service_reaches_its_two_streams_and_nothing_else() {
    let mut city = Node::new("6206");
    city.start().await;
    let mut jetstream = city.make_streams(&[]).await;
    // What is refused is not answered.
    jetstream.set_timeout(Duration::from_millis(500));
    publish(&jetstream, "up.62.06._._.case.registered", "1").await;

    // A child more is an update of UP, and its desk reads UP.
    let update = accounts::up_stream(city.keys.code(), &[region("620602")], &Limits::up());
    jetstream.update_stream(update).await.unwrap();
    let stream = jetstream.get_stream("UP").await.unwrap();
    let config = pull::Config {
        durable_name: Some(DESK.to_owned()),
        ..pull::Config::default()
    };
    let desk = stream.create_consumer(config).await.unwrap();
    let mut batch = desk.fetch().max_messages(1).messages().await.unwrap();
    let message = batch.next().await.unwrap().unwrap();
    assert_eq!(message.subject.as_str(), "up.62.06._._.case.registered");
    message.double_ack().await.unwrap();
    assert!(stream.purge().await.is_err());

    let other = pull::Config {
        durable_name: Some("other".to_owned()),
        ..pull::Config::default()
    };
    assert!(stream.create_consumer(other).await.is_err());
    let third = stream::Config {
        name: "OTHER".to_owned(),
        ..stream::Config::default()
    };
    assert!(jetstream.create_stream(third.clone()).await.is_err());
    for subject in ["up.62.06.02._.case.registered", "down.62.07._._.note"] {
        let ack = jetstream.publish(subject, "x".into()).await.unwrap();
        // The root may hand down to any region; below it, and upwards, its own tokens only.
        assert_eq!(ack.await.is_ok(), subject.starts_with("down."), "{subject}");
    }
    // Nor has the account room for a third stream, whoever asks.
    let anybody = async_nats::jetstream::new(city.anybody("fed").await);
    let refused = anybody.create_stream(third).await.unwrap_err().to_string();
    assert!(refused.contains("maximum number of streams"), "{refused}");
}

async fn batch(jetstream: &async_nats::jetstream::Context, subject: &str, size: usize) {
    let client = jetstream.client();
    for n in 1..=size {
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Batch-Id", "batch-1");
        headers.insert("Nats-Batch-Sequence", n.to_string());
        if n == size {
            headers.insert("Nats-Batch-Commit", "1");
        }
        headers.insert("Nats-Msg-Id", format!("batch-{n}"));
        let answer = client
            .request_with_headers(subject.to_owned(), headers, "x".into())
            .await
            .unwrap();
        let text = String::from_utf8_lossy(&answer.payload);
        assert!(!text.contains("error"), "{text}");
    }
}
