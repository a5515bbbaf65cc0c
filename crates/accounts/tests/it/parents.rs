//! A parent that wants more of its child than the child's UP.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Node, ask, heard, publish};

#[tokio::test]
async fn a_parent_reads_its_childs_up_and_nothing_else() {
    let mut city = Node::new("6206");
    let mut county = Node::below(&city, "620602");
    tokio::join!(city.start(), county.start());
    city.until_children(&["node-620602"]).await;
    let desk = county.make_streams(&[]).await;
    publish(&desk, "up.62.06.02._.case.registered", "1").await;
    let (parent, platform, federation) = tokio::join!(
        city.anybody("fed"),
        county.anybody("plat"),
        county.anybody("fed")
    );
    let jetstream = async_nats::jetstream::new(platform.clone());
    jetstream
        .create_stream(async_nats::jetstream::stream::Config {
            name: "EVENTS".to_owned(),
            subjects: vec!["evt.>".to_owned()],
            ..Default::default()
        })
        .await
        .unwrap();

    // What local services and the federation service say stays at the county.
    let mut all = parent.subscribe(">").await.unwrap();
    let mut platform_hears = platform.subscribe("evt.forged").await.unwrap();
    parent.flush().await.unwrap();
    platform.flush().await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    publish(&jetstream, "evt.intake.matter.registered", "secret").await;
    federation
        .publish("local.note", "secret".into())
        .await
        .unwrap();
    publish(&desk, "up.62.06.02._.case.closed", "2").await;
    publish(&desk, "down.62.06.02._.note", "3").await;
    // The county may ask for its part of DOWN at this moment.
    let asking = [
        "$JS.API.CONSUMER.CREATE.DOWN.",
        "_R_.",
        "$JS.EVENT.ADVISORY.API",
    ];
    let mut seen = heard(&mut all).await;
    seen.retain(|subject| !asking.iter().any(|own| subject.starts_with(own)));
    assert_eq!(seen, Vec::<String>::new());

    let (parent, mut asked) = (&parent, Vec::new());
    for api in ["fed.api.c620602", "$JS.c620602.API"] {
        for (call, body) in [
            ("INFO", json!({})),
            ("STREAM.NAMES", json!({})),
            ("STREAM.INFO.UP", json!({})),
            ("STREAM.PURGE.UP", json!({})),
            ("STREAM.DELETE.UP", json!({})),
            ("STREAM.MSG.GET.UP", json!({"seq": 1})),
            ("STREAM.INFO.DOWN", json!({})),
            ("STREAM.INFO.EVENTS", json!({})),
            ("CONSUMER.NAMES.UP", json!({})),
        ] {
            asked.push(async move {
                let answer = ask(parent, &format!("{api}.{call}"), body).await;
                assert!(answer.is_none(), "{api}.{call}: {answer:?}");
            });
        }
    }
    join_all(asked).await;
    let mut answers = parent.subscribe("$JSC.R.*").await.unwrap();
    let mut consume = async |name: &str, stream: &str, filter: &str, deliver: &str| {
        let body = json!({"stream_name": stream, "action": "", "config": {
            "name": name, "deliver_subject": deliver, "ack_policy": "none", "deliver_policy": "all",
            "filter_subject": filter, "mem_storage": true, "inactive_threshold": 5_000_000_000_u64,
        }});
        let subject = format!("fed.api.c620602.CONSUMER.CREATE.{stream}.{name}.{filter}");
        parent
            .publish_with_reply(subject, "$JSC.R.mine", body.to_string().into())
            .await
            .unwrap();
        parent.flush().await.unwrap();
        let answer = tokio::time::timeout(Duration::from_millis(400), answers.next()).await;
        answer
            .ok()
            .flatten()
            .map(|answer| String::from_utf8_lossy(&answer.payload).into_owned())
    };
    let deliver = "fed.up.c620602.x";
    let mut delivered = parent.subscribe("fed.up.c620602.x").await.unwrap();
    assert_eq!(consume("a", "DOWN", "down.>", deliver).await, None);
    assert_eq!(consume("b", "EVENTS", "evt.>", deliver).await, None);
    // A deliver subject of the parent's choice ends in FED, where nobody listens.
    let _ = consume("c", "UP", "up.>", "evt.forged").await;
    assert_eq!(heard(&mut platform_hears).await, Vec::<String>::new());
    // What a parent's stream does: it works, so the refusals above are refusals.
    let answer = consume("d", "UP", "up.62.06.02.>", deliver).await;
    assert_eq!(
        heard(&mut delivered).await,
        ["up.62.06.02._.case.registered", "up.62.06.02._.case.closed"],
        "{answer:?}"
    );
    assert_eq!(crate::support::messages(&desk, "UP").await, 2);
}
