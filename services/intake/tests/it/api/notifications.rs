//! Messages to the people of a case: who is told what, how they leave, what becomes of those nobody takes.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::{Context as _, Result};
use contracts::{
    Service as From,
    events::{clock::ClockWarned, intake::NotificationFailed},
    ids::TypedId as _,
};
use serde_json::{Value, json};
use testkit::service::eventually;
use tokio::task::JoinSet;

use crate::support::*;

async fn list(service: &Service, token: &str, query: &str) -> Result<Vec<Value>> {
    let path = format!("/intake/v1/notifications?{query}");
    let page = service.get(&path, token).await?.expect(200)?;
    Ok(page["items"].as_array().context("items")?.clone())
}

async fn accept(service: &Service, matter: impl std::fmt::Display) -> Result<()> {
    let path = format!("/intake/v1/matters/{matter}/accept");
    let clerk = service.role("window_clerk");
    service.post(&path, &clerk, json!({})).await?.expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_applicant_is_told_once_and_nobody_else() -> Result<()> {
    let service = Service::start_with(|config| {
        config.notifications.poll_interval = Duration::from_millis(50);
    })
    .await?;
    let (matter, case) = registered(&service).await?;
    accept(&service, matter).await?;
    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    eventually("the applicant is told", async || {
        Ok(!list(&service, &person, "").await?.is_empty())
    })
    .await?;
    let told = list(&service, &person, "").await?;
    let mut channels: Vec<_> = told.iter().map(|m| m["channel"].as_str()).collect();
    channels.sort_unstable();
    assert_eq!(
        channels,
        [Some("in_app"), Some("mini_programme"), Some("sms")]
    );
    for message in &told {
        assert_eq!(
            (&message["template"], &message["state"]),
            (&json!("accepted"), &json!("delivered_local"))
        );
        let zh = text(message, "/zh")?;
        assert!(
            zh.contains("2026-09-01") && zh.contains("枫受字第000001号"),
            "{zh}"
        );
        assert!(!zh.contains("空调") && !zh.contains("张三"), "{zh}");
    }
    let stranger = service.role("applicant");
    assert!(list(&service, &stranger, "").await?.is_empty());
    let clerk = service.role("window_clerk");
    let of_case = list(&service, &clerk, &format!("case_id={case}&channel=sms")).await?;
    assert_eq!(of_case.len(), 1);
    let elsewhere = service
        .token()
        .roles(["window_clerk"])
        .region("620621")
        .sign()?;
    assert!(list(&service, &elsewhere, "").await?.is_empty());
    let id = text(&of_case[0], "/id")?;
    let retry = format!("/intake/v1/notifications/{id}/retry");
    service
        .post(&retry, &clerk, json!({}))
        .await?
        .expect_problem(409, "notification-not-failed")?;
    service
        .post(&retry, &person, json!({}))
        .await?
        .expect_problem(403, "forbidden")?;
    let untold = service
        .sql()
        .await?
        .query_one("SELECT count(*) FROM intake.timeline WHERE NOT told", &[])
        .await?;
    assert_eq!(untold.get::<_, i64>(0), 0);

    // With a second matter of theirs in the case they are still told once.
    let (second, other) = accepted(&service).await?;
    let merge = json!({ "into": case, "reason": "同一纠纷" });
    let path = format!("/intake/v1/cases/{other}/merge");
    let triage = service.role("triage_officer");
    service.post(&path, &triage, merge).await?.expect(200)?;
    close(&service, case).await?;
    let closed = async || {
        let told = list(&service, &person, &format!("case_id={case}")).await?;
        let closed = told
            .iter()
            .filter(|message| message["template"] == "closed");
        anyhow::Ok(closed.count())
    };
    eventually("they are told that it is closed", async || {
        Ok(closed().await? > 0)
    })
    .await?;
    assert_eq!(closed().await?, 3, "{second}");

    // Of a collective matter who speaks for the others is told.
    let member = |name: &str, phone: &str, representative: bool| {
        json!({
            "side": "applicant", "kind": "natural_person", "name": name, "phone": phone, "representative": representative
        })
    };
    let many = [
        member("王五", "13912345671", true),
        member("赵六", "13912345672", false),
    ];
    let mut many = dispute_with("/parties", json!(many));
    many["persons_involved"] = json!(8);
    let (collective, of_many) = ids(&register(&service, many).await?)?;
    accept(&service, collective).await?;
    let query = format!("case_id={of_many}");
    eventually("somebody is told", async || {
        Ok(!list(&service, &clerk, &query).await?.is_empty())
    })
    .await?;
    assert_eq!(list(&service, &clerk, &query).await?.len(), 1);

    // The person reads it; nobody else can say so.
    let read = format!("/intake/v1/notifications/{}/read", text(&told[0], "/id")?);
    service
        .post(&read, &stranger, json!({}))
        .await?
        .expect_problem(404, "not-found")?;
    service
        .post(&read, &clerk, json!({}))
        .await?
        .expect_problem(403, "forbidden")?;
    let unread = list(&service, &person, "read=false").await?.len();
    let view = service.post(&read, &person, json!({})).await?.expect(200)?;
    assert!(view["read_at"].is_string(), "{view}");
    assert_eq!(
        list(&service, &person, "read=false").await?.len(),
        unread - 1
    );
    Ok(())
}

/// A gateway that answers with a status the test sets, and keeps what it was sent.
struct Gateway {
    url: String,
    status: Arc<AtomicU16>,
    seen: Arc<Mutex<Vec<(String, Value)>>>,
    _server: JoinSet<std::io::Result<()>>,
}

fn gateway() -> Result<Gateway> {
    let (status, seen) = (Arc::new(AtomicU16::new(500)), Arc::new(Mutex::default()));
    let state = web::Data::new((Arc::clone(&status), Arc::clone(&seen)));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .default_service(web::to(take))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))?;
    let url = format!("http://{}/sms", server.addrs()[0]);
    let mut running = JoinSet::new();
    running.spawn(server.run());
    Ok(Gateway {
        url,
        status,
        seen,
        _server: running,
    })
}

type Seen = (Arc<AtomicU16>, Arc<Mutex<Vec<(String, Value)>>>);

async fn take(
    request: HttpRequest,
    state: web::Data<Seen>,
    body: web::Json<Value>,
) -> HttpResponse {
    let token = request.headers().get("authorization");
    let token = token
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    state
        .1
        .lock()
        .unwrap()
        .push((token.to_owned(), body.into_inner()));
    // 0: it takes its time.
    while state.0.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let status = state.0.load(Ordering::SeqCst);
    HttpResponse::build(status.try_into().unwrap()).finish()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_sent_again_fails_visibly_and_goes_out_when_somebody_says_so() -> Result<()> {
    let gateway = gateway()?;
    let service = Service::start_with(|config| {
        config.notifications.poll_interval = Duration::from_millis(50);
        config.notifications.sms_url = Some(gateway.url.clone());
        config.notifications.sms_token = Some("secret".to_owned().into());
        config.notifications.backoff = vec![Duration::from_secs(60)];
    })
    .await?;
    let (matter, _) = registered(&service).await?;
    accept(&service, matter).await?;
    let clerk = service.role("window_clerk");
    let sms = async || {
        let found = list(&service, &clerk, "channel=sms").await?;
        Ok::<_, anyhow::Error>(found.into_iter().next().unwrap_or(Value::Null))
    };
    eventually("it is tried", async || {
        Ok(sms().await?["last_failure"] == "status 500")
    })
    .await?;
    assert_eq!(
        (&sms().await?["state"], &sms().await?["attempts"]),
        (&json!("pending"), &json!(1))
    );
    service.time.advance(chrono::Duration::seconds(61));
    eventually("it has failed", async || {
        Ok(sms().await?["state"] == "failed")
    })
    .await?;
    let failed = list(&service, &clerk, "state=failed").await?;
    assert_eq!((failed.len(), &failed[0]["attempts"]), (1, &json!(2)));
    let kinds: Vec<String> = service
        .events()
        .await?
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert!(
        kinds
            .iter()
            .any(|kind| kind.contains("notification.failed")),
        "{kinds:?}"
    );

    gateway.status.store(202, Ordering::SeqCst);
    let retry = format!(
        "/intake/v1/notifications/{}/retry",
        text(&failed[0], "/id")?
    );
    let machine = service.role("message_gateway");
    let receipt = async |body: Value| {
        let path = format!(
            "/intake/v1/notifications/{}/receipt",
            text(&failed[0], "/id")?
        );
        service.post(&path, &machine, body).await
    };
    receipt(json!({ "received": true }))
        .await?
        .expect_problem(409, "notification-not-sent")?;
    service.post(&retry, &clerk, json!({})).await?.expect(200)?;
    eventually("it is sent", async || Ok(sms().await?["state"] == "sent")).await?;
    let seen = gateway.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 3);
    for (token, message) in &seen {
        assert_eq!(token, "Bearer secret");
        assert_eq!(
            (&message["to"], &message["id"]),
            (&json!("13812345678"), &failed[0]["id"])
        );
    }

    // The operator says that it did not arrive, twice; it is sent again, and arrives.
    for _ in 0..2 {
        let view = receipt(json!({ "received": false, "failure": "MK:0001" })).await?;
        assert_eq!(view.expect(200)?["state"], "failed");
    }
    assert_eq!(sms().await?["last_failure"], "MK:0001");
    assert_eq!(service.published::<NotificationFailed>().await?.len(), 2);
    service.post(&retry, &clerk, json!({})).await?.expect(200)?;
    eventually("it is sent again", async || {
        Ok(sms().await?["state"] == "sent")
    })
    .await?;
    for _ in 0..2 {
        let view = receipt(json!({ "received": true })).await?.expect(200)?;
        assert!(view["received_at"].is_string(), "{view}");
    }
    receipt(json!({ "received": false }))
        .await?
        .expect_problem(409, "notification-not-sent")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_is_quicker_than_a_failing_send_stands() -> Result<()> {
    let gateway = gateway()?;
    let service = Service::start_with(|config| {
        config.notifications.poll_interval = Duration::from_millis(50);
        config.notifications.sms_url = Some(gateway.url.clone());
        config.notifications.backoff = Vec::new();
    })
    .await?;
    gateway.status.store(0, Ordering::SeqCst);
    let (matter, case) = registered(&service).await?;
    accept(&service, matter).await?;
    let seen = || gateway.seen.lock().unwrap().clone();
    eventually("the gateway has it", async || Ok(seen().len() == 1)).await?;
    let first = text(&seen()[0].1, "/id")?.to_owned();
    let path = format!("/intake/v1/notifications/{first}/receipt");
    let machine = service.role("message_gateway");
    let view = service.post(&path, &machine, json!({ "received": true }));
    assert_eq!(view.await?.expect(200)?["state"], "sent");

    // Its answer to the sending is a failure after all, and so is that to the next message.
    gateway.status.store(500, Ordering::SeqCst);
    let (matter, _) = registered(&service).await?;
    accept(&service, matter).await?;
    let clerk = service.role("window_clerk");
    eventually("the next one has failed", async || {
        Ok(!list(&service, &clerk, "state=failed").await?.is_empty())
    })
    .await?;
    let told = service.published::<NotificationFailed>().await?;
    assert_eq!(told.len(), 1);
    assert_ne!(told[0].notification_id.to_string(), first);
    let of_case = list(&service, &clerk, &format!("case_id={case}&channel=sms")).await?;
    assert_eq!(of_case[0]["state"], "sent");
    Ok(())
}

/// 信访工作条例 30.
#[tokio::test(flavor = "multi_thread")]
async fn the_accused_is_told_nothing_of_a_petition() -> Result<()> {
    let service = Service::start_with(|config| {
        config.notifications.poll_interval = Duration::from_millis(50);
    })
    .await?;
    let respondent = service
        .token()
        .roles(["applicant"])
        .subject("account-other")
        .sign()?;
    for (class, told) in [("petition", false), ("dispute", true)] {
        let mut body = dispute_with("/class", json!(class));
        body["parties"][1]["account_subject"] = json!("account-other");
        let (matter, case) = ids(&register(&service, body).await?)?;
        accept(&service, matter).await?;
        // Of something that every party of a dispute is told of.
        let warned = ClockWarned {
            clock_id: service.time.id(),
            kind: "confirmation.apply".to_owned(),
            object_id: case.uuid(),
            case_id: case,
            due_at: service.time.now(),
        };
        service
            .publish(From::JudicialConfirmation, case, &warned)
            .await?;
        service.settle().await?;
        let clerk = service.role("coordinator");
        let of_case = format!("case_id={case}");
        eventually("the applicant is told", async || {
            let all = list(&service, &clerk, &of_case).await?;
            Ok(all.iter().any(|one| one["template"] == "confirmation_due"))
        })
        .await?;
        let seen = list(&service, &respondent, &of_case).await?;
        assert_eq!(!seen.is_empty(), told, "{class}: {seen:?}");
    }
    Ok(())
}
