//! Facts of nodes below, as they come in.

use anyhow::Result;
use chassis::{db::Cause, http::Problem, time::Time};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::{
    Service,
    border::{Checkpoint, Fact, ForgottenKeys, NodeKeys},
    events::{Envelope, Event as _, federation::FactReceived},
    ids::{EventId, TypedId as _},
};
use federation::{
    Federation,
    audits::{self, Scope},
    consumers::{on_checkpoint, on_fact},
    links,
};
use nkeys::XKey;
use serde_json::json;
use testkit::TestService;

fn fact(kind: &str, body: serde_json::Value) -> Fact {
    Fact {
        event_id: Time::system().id(),
        event_type: format!("fengqiao.intake.{kind}"),
        service: Service::Intake,
        epoch: 1,
        seq: 1,
        occurred_at: testkit::service::BEGINNING.parse().unwrap(),
        body,
    }
}

/// A fact comes in, under a message id of its own.
async fn come(city: &TestService<Federation>, from: &str, fact: &Fact) -> Result<(), Problem> {
    let envelope = envelope(city, from);
    let state = city.state().await.unwrap();
    let db = city.db().unwrap();
    db.tx("take", &Cause::new(&city.time), async |tx| {
        on_fact::apply(&state, tx, &envelope, fact.clone()).await
    })
    .await
}

fn envelope(city: &TestService<Federation>, from: &str) -> Envelope {
    let id: EventId = Time::system().id();
    Envelope {
        id,
        event_type: Fact::event_type(Service::Federation),
        source: from.parse().unwrap(),
        subject: id.uuid(),
        time: city.time.now(),
        service: Service::Federation,
        epoch: 1,
        seq: 1,
        case_seq: 0,
        correlation: id.uuid(),
        causation: None,
        traceparent: None,
    }
}

async fn city() -> Result<TestService<Federation>> {
    TestService::start_with(|config| "6206".clone_into(&mut config.node.region)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_node_sends_a_second_time_is_told_once_and_anothers_is_kept_aside() -> Result<()> {
    let city = city().await?;
    let fact = fact("matter.accepted.v1", json!({ "region": "620602001" }));
    come(&city, "620602", &fact).await.unwrap();
    // It joined a second time with its history: another message, the same event.
    come(&city, "620602", &fact).await.unwrap();
    assert_eq!(city.count("facts").await?, 1);
    assert_eq!(city.published::<FactReceived>().await?.len(), 1);
    // A database was copied to another node.
    let copied = Fact {
        body: json!({}),
        ..fact
    };
    let problem = come(&city, "620621", &copied).await.unwrap_err();
    assert_eq!(problem.code().code, "conflict");
    assert_eq!(city.count("facts").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_level_counts_or_happened_elsewhere_is_refused() -> Result<()> {
    let city = city().await?;
    let elsewhere = json!({ "region": "620621001" });
    for (kind, body) in [
        ("matter.corrected.v1", json!({})),
        ("case.adopted.v1", json!({})),
        ("nothing", json!({})),
        ("matter.accepted.v1", elsewhere.clone()),
        ("matter.registered.v1", elsewhere),
    ] {
        let problem = come(&city, "620602", &fact(kind, body)).await.unwrap_err();
        assert_eq!(problem.code().code, "message-refused", "{kind}");
    }
    assert_eq!(city.count("facts").await?, 0);
    // A hand-over between two others.
    let moved = |kind: &str, to: &str| Fact {
        event_type: format!("fengqiao.federation.{kind}"),
        service: Service::Federation,
        ..fact("any", json!({ "from_node": "620621", "to_node": to }))
    };
    for kind in ["accountability.moved.v1", "accountability.moved.v9"] {
        let refused = come(&city, "620602", &moved(kind, "620622")).await;
        assert_eq!(
            refused.unwrap_err().code().code,
            "message-refused",
            "{kind}"
        );
    }
    assert_eq!(city.count("facts").await?, 0);
    let taken_over = moved("accountability.moved.v1", "620602");
    come(&city, "620602", &taken_over).await.unwrap();
    // A version this release does not know is one of the kind.
    let newer = fact("matter.accepted.v9", json!({ "region": "620602" }));
    come(&city, "620602", &newer).await.unwrap();
    assert_eq!(city.count("facts").await?, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn more_ids_than_fit_into_an_answer_come_in_pages() -> Result<()> {
    let city = city().await?;
    city.sql()
        .await?
        .batch_execute(
            "INSERT INTO federation.facts SELECT gen_random_uuid(), '620602', 'fengqiao.intake.matter.accepted.v1',
                 '2026-09-01T02:00:00Z' FROM generate_series(1, 4500)",
        )
        .await?;
    let day = "2026-09-01".parse()?;
    let mut scope = Scope {
        from: day,
        to: day,
        node: Some("620602".parse()?),
        kind: Some("fengqiao.intake.matter.accepted.v1".to_owned()),
        after: None,
    };
    let (mut sizes, mut ids) = (Vec::new(), std::collections::BTreeSet::new());
    loop {
        let page = audits::own(&city.db()?, "620602".parse()?, &scope)
            .await
            .unwrap();
        sizes.push(page.ids.len());
        scope.after = page.ids.last().copied();
        ids.extend(page.ids);
        if !page.more {
            break;
        }
    }
    assert_eq!(sizes, [2_000, 2_000, 500]);
    assert_eq!(ids.len(), 4_500);
    Ok(())
}

fn checkpoint(signing: &str, at: DateTime<Utc>) -> Checkpoint {
    Checkpoint {
        epoch: 1,
        seq: 1,
        clock: at,
        release: String::new(),
        policy_version: String::new(),
        policy_received: None,
        keys: NodeKeys {
            node: "620602".parse().unwrap(),
            signing: signing.to_owned(),
            sealing: XKey::new_from_raw([signing.as_bytes()[0]; 32]).public_key(),
        },
        forgotten: Vec::new(),
        kept: Vec::new(),
        heard: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_were_forgotten_do_not_come_back_with_what_was_on_its_way() -> Result<()> {
    let city = city().await?;
    let (state, db) = (city.state().await?, city.db()?);
    let show = async |signing: &str, envelope: &Envelope| {
        let told = checkpoint(signing, envelope.time);
        let cause = Cause::new(&city.time);
        let done = db.tx("take", &cause, async |tx| {
            on_checkpoint::apply(&state, tx, envelope, told.clone()).await
        });
        done.await.map_err(|problem| problem.code().code)
    };
    let (first, late) = (envelope(&city, "620602"), envelope(&city, "620602"));
    assert_eq!(show("old", &first).await, Ok(()));
    city.time.advance(TimeDelta::seconds(1));
    assert!(links::forget_keys(&db, "620602".parse()?).await?);
    assert_eq!(show("old", &late).await, Err("message-refused"));
    city.time.advance(TimeDelta::seconds(1));
    // Whoever has the old ones still may show them anew; here the new ones are shown first.
    assert_eq!(show("new", &envelope(&city, "620602")).await, Ok(()));
    let again = show("old", &envelope(&city, "620602")).await;
    assert_eq!(again, Err("message-refused"));

    // Shown anew before there are newer ones, they count until those come.
    city.time.advance(TimeDelta::seconds(1));
    assert!(links::forget_keys(&db, "620602".parse()?).await?);
    city.time.advance(TimeDelta::seconds(1));
    for (signing, taken) in [
        ("old", Ok(())),
        ("new", Err("message-refused")),
        ("newest", Ok(())),
        ("old", Err("message-refused")),
        ("stranger's", Err("message-refused")),
        ("newest", Ok(())),
    ] {
        let shown = show(signing, &envelope(&city, "620602")).await;
        assert_eq!(shown, taken, "{signing}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_says_only_of_those_below_it_that_their_keys_are_forgotten() -> Result<()> {
    let city = city().await?;
    let (state, db, at) = (city.state().await?, city.db()?, city.time.now());
    for (of, allowed) in [
        ("620602001", true),
        ("620602", false),
        ("620621", false),
        ("6206", false),
    ] {
        let forgotten = vec![ForgottenKeys {
            node: of.parse()?,
            signing: "B".to_owned(),
            at,
        }];
        let told = Checkpoint {
            forgotten,
            ..checkpoint("A", at)
        };
        let envelope = envelope(&city, "620602");
        let cause = Cause::new(&city.time);
        let done = db.tx("take", &cause, async |tx| {
            on_checkpoint::apply(&state, tx, &envelope, told.clone()).await
        });
        let refused = done.await.err().map(|problem| problem.code().code);
        assert_eq!(refused, (!allowed).then_some("message-refused"), "{of}");
    }
    assert_eq!(city.count("forgotten_keys").await?, 1);
    Ok(())
}
