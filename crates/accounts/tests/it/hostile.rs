//! A child's credentials in the wrong hands: as an ordinary client, and behind a server with one open account.

use std::time::Duration;

use async_nats::ConnectOptions;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{
    Node, Stranger, ask, heard, messages, now, publish, subjects, until_messages,
};

#[tokio::test]
async fn a_childs_credentials_reach_nothing_but_the_childs_own() {
    let mut city = Node::new("6206");
    let mut sibling = Node::below(&city, "620621");
    let stolen = city.keys.invite(&city.invite("620602"), now()).unwrap();
    tokio::join!(city.start(), sibling.start());
    let stranger = Stranger::start(&stolen).await;
    city.until_children(&["node-620621", "stranger"]).await;
    let desk = city.make_streams(&["620602", "620621"]).await;
    let sibling = sibling.make_streams(&[]).await;
    publish(&sibling, "up.62.06.21._.case.registered", "s").await;
    publish(&desk, "up.62.06._._.case.registered", "c").await;
    publish(&desk, "down.62.06.21._.note", "for the sibling").await;
    publish(&desk, "down.62.06.02._.note", "for the child").await;
    until_messages(&desk, "UP", 2).await;
    let (up, down) = (subjects(&desk, "UP").await, subjects(&desk, "DOWN").await);

    // As an ordinary client they are refused.
    let plain = ConnectOptions::with_credentials(&stolen.credentials)
        .unwrap()
        .connect(city.url())
        .await;
    assert!(plain.is_err());

    let client = stranger.client().await;
    let platform = city.anybody("plat").await;
    let mut platform_hears = platform.subscribe(">").await.unwrap();
    platform.flush().await.unwrap();

    // Listening.
    let mut all = client.subscribe(">").await.unwrap();
    let mut some = Vec::new();
    for subject in [
        "up.>",
        "down.>",
        "fed.up.>",
        "fed.up.c620621.>",
        "fed.down.c620621.>",
        "fed.api.c620621.>",
        "evt.>",
        "_INBOX_federation.>",
    ] {
        some.push(client.subscribe(subject).await.unwrap());
    }
    client.flush().await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    publish(&sibling, "up.62.06.21._.case.closed", "s").await;
    publish(&desk, "down.62.06.21._.note", "for the sibling").await;
    platform
        .publish("evt.intake.matter.registered", "p".into())
        .await
        .unwrap();
    platform.flush().await.unwrap();
    until_messages(&desk, "UP", 3).await;
    for heard in join_all(some.iter_mut().map(heard)).await {
        assert_eq!(heard, Vec::<String>::new());
    }
    let foreign = |subject: &String| subject.contains("620621") || subject.contains(".62.06.21");
    let seen = heard(&mut all).await;
    assert!(!seen.iter().any(foreign), "{seen:?}");
    assert!(!seen.iter().any(|s| s.starts_with("evt.")), "{seen:?}");
    let _ = heard(&mut platform_hears).await;

    // Publishing as others.
    for subject in [
        "up.62.06._._.case.forged",
        "up.62.06.21._.case.forged",
        "up.62.06.02._.case.forged",
        "down.62.06.21._.forged",
        "fed.up.c620621.forged",
        "fed.up.c620602.forged",
        "evt.intake.matter.forged",
        "svc.intake.forged",
        "fed.api.c620621.CONSUMER.CREATE.UP.x.up.>",
        "fed.parent.CONSUMER.CREATE.DOWN.x.down.62.06.21.>",
    ] {
        client.publish(subject, "forged".into()).await.unwrap();
    }
    client.flush().await.unwrap();

    // The parent's API.
    let (client, mut asked) = (&client, Vec::new());
    for api in ["$JS.c6206.API", "$JS.API", "$JS.c620621.API"] {
        for (call, body) in [
            ("INFO", json!({})),
            ("STREAM.NAMES", json!({})),
            ("STREAM.INFO.UP", json!({})),
            ("STREAM.PURGE.UP", json!({})),
            ("STREAM.DELETE.DOWN", json!({})),
            ("STREAM.MSG.GET.UP", json!({"seq": 1})),
            ("STREAM.MSG.GET.DOWN", json!({"seq": 1})),
            ("DIRECT.GET.DOWN", json!({"seq": 1})),
            ("CONSUMER.NAMES.DOWN", json!({})),
        ] {
            asked.push(async move {
                let answer = ask(client, &format!("{api}.{call}"), body).await;
                // The stranger's own server answers for itself: it has no such stream.
                let own = |a: &serde_json::Value| {
                    a.get("error").is_some() || a.get("total") == Some(&json!(0)) || call == "INFO"
                };
                let harmless = answer.as_ref().is_none_or(|a| api == "$JS.API" && own(a));
                assert!(harmless, "{api}.{call}: {answer:?}");
            });
        }
    }
    join_all(asked).await;

    // DOWN: its own part, nothing else.
    let consumer = |filter: Option<&str>, deliver: &str| {
        let mut config = json!({
            "name": "x", "deliver_subject": deliver, "ack_policy": "none", "deliver_policy": "all", "mem_storage": true,
            "inactive_threshold": 5_000_000_000_u64,
        });
        if let Some(filter) = filter {
            config["filter_subject"] = json!(filter);
        }
        json!({"stream_name": "DOWN", "config": config, "action": ""})
    };
    let mut mine = client.subscribe("fed.down.c620602.x").await.unwrap();
    client.flush().await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let create = "$JS.c6206.API.CONSUMER.CREATE.DOWN.x";
    let (own, other) = ("down.62.06.02.>", "down.62.06.21.>");
    let deliver = "fed.down.c620602.x";
    for (subject, filter) in [
        (create.to_owned(), None),
        (create.to_owned(), Some(other)),
        (format!("{create}.{other}"), Some(other)),
        (format!("{create}.down.>"), Some("down.>")),
        (format!("{create}.{own}"), Some(other)),
        (format!("{create}.{own}"), None),
    ] {
        client
            .publish_with_reply(
                subject,
                "_INBOX.mine",
                consumer(filter, deliver).to_string().into(),
            )
            .await
            .unwrap();
    }
    assert_eq!(heard(&mut mine).await, Vec::<String>::new());
    client
        .publish_with_reply(
            format!("{create}.{own}"),
            "_INBOX.mine",
            consumer(Some(own), deliver).to_string().into(),
        )
        .await
        .unwrap();
    assert_eq!(heard(&mut mine).await, ["down.62.06.02._.note"]);

    // A consumer that delivers to where others listen.
    for (n, deliver) in [
        "up.62.06._._.case.forged",
        "down.62.06.21._.forged",
        "fed.down.c620621.x",
    ]
    .iter()
    .enumerate()
    {
        let mut request = consumer(Some(own), deliver);
        request["config"]["name"] = json!(format!("y{n}"));
        let subject = format!("$JS.c6206.API.CONSUMER.CREATE.DOWN.y{n}.{own}");
        client
            .publish_with_reply(subject, "_INBOX.mine", request.to_string().into())
            .await
            .unwrap();
    }
    client.flush().await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;

    // The server makes the first and the last of them, so that the rest is a test: what they deliver keeps its subject and
    // has a reply that no stream accepts.
    let consumers = ask(
        &city.anybody("fed").await,
        "$JS.API.CONSUMER.NAMES.DOWN",
        json!({}),
    )
    .await;
    assert_eq!(consumers.unwrap()["consumers"], json!(["x", "y0", "y2"]));

    // Nothing of it arrived.
    assert_eq!(heard(&mut platform_hears).await, Vec::<String>::new());
    assert_eq!(messages(&desk, "UP").await, 3);
    assert_eq!(subjects(&desk, "UP").await[..2], up);
    assert_eq!(subjects(&desk, "DOWN").await[..2], down);
    assert_eq!(messages(&desk, "DOWN").await, 3);
    assert_eq!(messages(&sibling, "DOWN").await, 2);
}
