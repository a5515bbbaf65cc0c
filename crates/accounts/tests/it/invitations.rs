//! What is refused before any server is asked, and what the files are like.

use std::{os::unix::fs::PermissionsExt as _, time::Duration};

use accounts::{Allow, Error, Invitation, NodeKeys, Server};
use chrono::TimeDelta;
use futures_util::StreamExt as _;
use serde_json::json;

use crate::support::{Node, now, region};

#[test]
fn keys_are_made_once_and_only_their_owner_reads_them() {
    let node = Node::new("6206");
    let again = NodeKeys::init(node.keys.directory(), region("6206")).unwrap();
    assert_eq!(again.public(), node.keys.public());
    assert_eq!(
        again.accounts(now()).unwrap(),
        node.keys.accounts(now() + TimeDelta::days(1)).unwrap()
    );
    assert!(matches!(
        NodeKeys::init(node.keys.directory(), region("6207")),
        Err(Error::OtherNode { .. })
    ));
    assert!(matches!(
        NodeKeys::init(node.keys.directory(), region("620602001201")),
        Err(Error::Village(_))
    ));
    for entry in std::fs::read_dir(node.keys.directory()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
    }
    std::fs::remove_file(node.keys.directory().join("operator.seed")).unwrap();
    assert!(matches!(
        NodeKeys::load(node.keys.directory()),
        Err(Error::File { .. })
    ));
}

#[test]
fn an_invitation_is_for_one_node_in_the_region_until_it_expires() {
    let city = Node::new("6206");
    let invite = |child: &str| city.keys.invite(&city.invite(child), now());
    for outside in ["62", "6206", "620702", "63"] {
        assert!(
            matches!(invite(outside), Err(Error::NotInside { .. })),
            "{outside}"
        );
    }
    let invitation = invite("620602").unwrap();
    assert!(matches!(invite("620602001"), Err(Error::Overlap { .. })));
    let mut plain = city.invite("620621");
    for url in [
        "nats-leaf://localhost:1",
        "tls://localhost",
        "tls://u:p@h:1",
        "",
    ] {
        plain.urls = vec![url.to_owned()];
        assert!(matches!(
            city.keys.invite(&plain, now()),
            Err(Error::Url(_))
        ));
    }

    // It is a file.
    let text = serde_json::to_string(&invitation).unwrap();
    let invitation: Invitation = serde_json::from_str(&text).unwrap();
    assert!(!format!("{invitation:?}").contains("SEED"));

    let (west, east) = (Node::new("620602"), Node::new("620621"));
    assert!(matches!(
        east.keys.accept(&invitation, now()),
        Err(Error::NotForUs { .. })
    ));
    let late = now() + TimeDelta::days(366);
    assert!(matches!(
        west.keys.accept(&invitation, late),
        Err(Error::Expired(_))
    ));
    let mut changed = invitation.clone();
    changed.expires_at += TimeDelta::days(1);
    assert!(matches!(
        west.keys.accept(&changed, now()),
        Err(Error::Invitation(_))
    ));
    let mut changed = invitation.clone();
    changed.urls = vec!["tls://elsewhere:7422".to_owned()];
    assert!(matches!(
        west.keys.accept(&changed, now()),
        Err(Error::Invitation(_))
    ));
    let mut changed = invitation.clone();
    changed.parent = region("6207");
    assert!(west.keys.accept(&changed, now()).is_err());
    assert_eq!(west.keys.parent().unwrap(), None);

    west.keys.accept(&invitation, now()).unwrap();
    let parent = west.keys.parent().unwrap().unwrap();
    assert_eq!(parent.keys, city.keys.public());
    // Nobody serves two masters.
    let province = Node::new("62");
    let other = province
        .keys
        .invite(&province.invite("620602"), now())
        .unwrap();
    assert!(matches!(
        west.keys.accept(&other, now()),
        Err(Error::OtherParent(_))
    ));
    assert!(matches!(
        city.keys.revoke("UNKNOWN", now()),
        Err(Error::UnknownUser(_))
    ));
}

/// The whole file, as a site uses it: nats-server finds nothing wrong with it.
#[test]
fn the_whole_configuration_is_read_by_the_server() {
    let city = Node::new("6206");
    let county = Node::below(&city, "620602");
    let server = Server {
        name: "node-620602".to_owned(),
        listen: "127.0.0.1:4222".to_owned(),
        http: "127.0.0.1:8222".to_owned(),
        store: county.directory.path().join("store"),
        sync_always: true,
        max_payload: 1 << 20,
    };
    let text = county
        .keys
        .server_config(&server, &county.links, now())
        .unwrap();
    for line in ["domain: c620602", "sync_interval: always", "type: full"] {
        assert!(text.contains(line), "{line}");
    }
    let file = county.directory.path().join("whole.conf");
    std::fs::write(&file, &text).unwrap();
    let checked = std::process::Command::new(servers::nats_server().unwrap())
        .arg("-t")
        .arg("-c")
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
    // The same until something changes.
    assert_eq!(
        text,
        county
            .keys
            .server_config(&server, &county.links, now())
            .unwrap()
    );
}

#[tokio::test]
async fn a_service_may_do_what_it_is_allowed_and_no_more() {
    let mut node = Node::new("620602");
    node.start().await;
    let allow = Allow {
        publish: vec!["evt.intake.>".to_owned()],
        subscribe: vec!["_INBOX_intake.>".to_owned()],
        responses: true,
    };
    let all = node.anybody("plat").await;
    let mut heard = all.subscribe(">").await.unwrap();
    // A flush only writes: what it hears of itself says that the server has read the subscription.
    all.publish("ready", "".into()).await.unwrap();
    assert_eq!(heard.next().await.unwrap().subject.as_str(), "ready");
    for (allow, expected) in [
        (&allow, &["evt.intake.matter.registered"][..]),
        (&Allow::default(), &[]),
    ] {
        let credentials = node
            .keys
            .service_credentials("intake", allow, now())
            .unwrap();
        let client = async_nats::ConnectOptions::with_credentials(&credentials)
            .unwrap()
            .connect(node.url())
            .await
            .unwrap();
        for subject in [
            "evt.intake.matter.registered",
            "evt.triage.forged",
            "$JS.API.STREAM.NAMES",
        ] {
            client.publish(subject, "x".into()).await.unwrap();
        }
        client.flush().await.unwrap();
        assert_eq!(crate::support::heard(&mut heard).await, expected);
    }

    // It answers what it is asked, though it may not publish to anybody's inbox.
    let asked = Allow {
        subscribe: vec!["svc.intake.>".to_owned()],
        responses: true,
        ..Allow::default()
    };
    let credentials = node
        .keys
        .service_credentials("intake", &asked, now())
        .unwrap();
    let client = async_nats::ConnectOptions::with_credentials(&credentials)
        .unwrap()
        .connect(node.url())
        .await
        .unwrap();
    let mut questions = client.subscribe("svc.intake.>").await.unwrap();
    let answer = async {
        let question = questions.next().await.unwrap();
        client
            .publish(question.reply.unwrap(), "\"yes\"".into())
            .await
    };
    // The server may hear of the subscription after the first question.
    let question = async {
        for _ in 0..50 {
            if let Some(answer) = crate::support::ask(&all, "svc.intake.open", json!({})).await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no answer");
    };
    let (answer, sent) = tokio::join!(question, answer);
    sent.unwrap();
    assert_eq!(answer, json!("yes"));
}
