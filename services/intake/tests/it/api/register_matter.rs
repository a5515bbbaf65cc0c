//! `POST /matters`.

use anyhow::Result;
use contracts::events::intake::MatterRegistered;
use serde_json::{Value, json};

use crate::support::*;

const PATH: &str = "/intake/v1/matters";

#[tokio::test(flavor = "multi_thread")]
async fn registers_a_matter() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role_in("window_clerk", organisation());
    let response = service.post(PATH, &clerk, dispute()).await?;
    assert_eq!(response.version(), Some(1));
    let location = response.headers["location"].to_str()?.to_owned();
    let view = response.expect(201)?;
    let (matter, case) = ids(&view)?;
    assert_eq!(location, format!("{PATH}/{matter}"));
    insta::assert_json_snapshot!(view, {
        ".id" => "[matter]", ".case_id" => "[case]", ".parties[].party_id" => "[party]"
    });
    assert_eq!(
        public(&service, case).await?,
        ("registered".to_owned(), vec!["registered".to_owned()])
    );
    // Tuesday morning and one working day: the end of Wednesday in Beijing.
    assert_eq!(
        clock(&service, matter).await?,
        ("2026-09-02T16:00".to_owned(), "running".to_owned())
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_the_fact_without_identities() -> Result<()> {
    let service = Service::start().await?;
    let view = register(&service, dispute_with("/persons_involved", json!(6))).await?;
    service.settle().await?;
    let events = service.published::<MatterRegistered>().await?;
    assert_eq!(events.len(), 1);
    assert_eq!(serde_json::to_value(&events[0].parties)?, view["parties"]);
    assert_eq!(
        (events[0].persons_involved, events[0].amount_fen),
        (6, Some(500_000))
    );
    let all = service
        .events()
        .await?
        .iter()
        .map(|(_, body)| body.to_string())
        .collect::<String>();
    for secret in [
        "张三",
        "11010519491231002X",
        "空调",
        "13812345678",
        "东大街",
        "account-zhang",
    ] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_every_class_and_what_may_be_left_out() -> Result<()> {
    let service = Service::start().await?;
    for class in ["dispute", "petition", "complaint"] {
        let body = json!({
            "region": "6206", "class": class, "source": "superior", "channel": "import", "narrative": "来信",
            "notice_version": "2026-01",
            "parties": [{ "side": "applicant", "kind": "natural_person", "name": "李四" }]
        });
        let view = register(&service, body).await?;
        assert_eq!(
            (&view["class"], &view["persons_involved"]),
            (&json!(class), &json!(1))
        );
    }
    assert_eq!(service.count("matters").await?, 3);
    Ok(())
}

/// Somebody who speaks for many.
fn speaker() -> Value {
    json!({ "side": "applicant", "kind": "natural_person", "name": "王五", "representative": true })
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_breaks_a_rule_and_stores_nothing() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let person =
        |name: &str| json!({ "side": "applicant", "kind": "natural_person", "name": name });
    let cases: Vec<(&str, Value, &str, &str)> = vec![
        ("/region", json!("629999"), "invalid-region", "/region"),
        ("/region", json!("62060"), "invalid-region", "/region"),
        ("/region", json!("620702"), "region-out-of-scope", "/region"),
        ("/source", json!("hearsay"), "unknown-source", "/source"),
        ("/channel", json!("pigeon"), "unknown-channel", "/channel"),
        (
            "/channel",
            json!("dispute_code"),
            "place-code-invalid",
            "/place_code",
        ),
        (
            "/place_code",
            json!("620602-0017"),
            "place-code-invalid",
            "/place_code",
        ),
        (
            "/type_hint",
            json!("weather"),
            "unknown-dispute-type",
            "/type_hint",
        ),
        ("/class", json!("lawsuit"), "invalid-body", "/class"),
        (
            "/notice_version",
            json!(" "),
            "notice-not-acknowledged",
            "/notice_version",
        ),
        ("/narrative", json!("　\n"), "text-required", "/narrative"),
        (
            "/narrative",
            json!("吵".repeat(5001)),
            "text-too-long",
            "/narrative",
        ),
        ("/amount_fen", json!(-1), "invalid-body", "/amount_fen"),
        (
            "/amount_fen",
            json!(i64::MAX),
            "invalid-body",
            "/amount_fen",
        ),
        ("/amount_fen", json!("5000"), "invalid-body", "/amount_fen"),
        (
            "/persons_involved",
            json!(1),
            "invalid-body",
            "/persons_involved",
        ),
        (
            "/persons_involved",
            json!(100_001),
            "invalid-body",
            "/persons_involved",
        ),
        ("/parties", json!([]), "party-required", "/parties"),
        (
            "/parties/0/side",
            json!("respondent"),
            "party-required",
            "/parties",
        ),
        (
            "/parties",
            json!(vec![person("王五"); 51]),
            "too-many-parties",
            "/parties",
        ),
        (
            "/parties/1/representative",
            json!(true),
            "invalid-body",
            "/parties/1/representative",
        ),
        (
            "/parties",
            json!(vec![speaker(); 6]),
            "too-many-representatives",
            "/parties",
        ),
        (
            "/parties/0/name",
            json!(""),
            "text-required",
            "/parties/0/name",
        ),
        (
            "/parties/1/name",
            json!("某".repeat(101)),
            "text-too-long",
            "/parties/1/name",
        ),
        (
            "/parties/1/address",
            json!("路".repeat(201)),
            "text-too-long",
            "/parties/1/address",
        ),
        (
            "/parties/0/phone",
            json!("打电话找我"),
            "invalid-body",
            "/parties/0/phone",
        ),
        (
            "/parties/0/identifier/number",
            json!("110105194912310021"),
            "identifier-invalid",
            "/parties/0/identifier/number",
        ),
        (
            "/parties/1/identifier/number",
            json!("91350100M000100Y44"),
            "identifier-invalid",
            "/parties/1/identifier/number",
        ),
        (
            "/parties/1/kind",
            json!("natural_person"),
            "identifier-invalid",
            "/parties/1/identifier/number",
        ),
        (
            "/parties/1/account_subject",
            json!("account-zhang"),
            "invalid-body",
            "/parties/1/account_subject",
        ),
        (
            "/parties/0/nickname",
            json!("小张"),
            "invalid-body",
            "/parties/0/nickname",
        ),
        ("/colour", json!("red"), "invalid-body", "/colour"),
    ];
    for (pointer, value, code, at) in cases {
        let body = dispute_with(pointer, value.clone());
        let response = service
            .post_with(PATH, &clerk, body, &[("idempotency-key", "again")])
            .await?;
        let problem = response.expect_problem(422, code)?;
        assert_eq!(problem["pointer"], at, "{problem}");
        if let Some(sent) = value.as_str().filter(|text| text.chars().count() > 6) {
            assert!(!problem.to_string().contains(sent), "{problem}");
        }
    }
    nothing_stored(&service).await
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_region_outside_the_callers_own() -> Result<()> {
    let service = Service::start().await?;
    let elsewhere = service
        .token()
        .roles(["window_clerk"])
        .region("620621")
        .sign()?;
    let response = service.post(PATH, &elsewhere, dispute()).await?;
    assert_eq!(
        response.expect_problem(422, "region-out-of-scope")?["pointer"],
        "/region"
    );
    let leader = service.role("leader");
    service
        .post(PATH, &leader, dispute())
        .await?
        .expect_problem(403, "forbidden")?;
    nothing_stored(&service).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_call_gives_the_first_answer() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let key = [("idempotency-key", "first-visit")];
    let first = service.post_with(PATH, &clerk, dispute(), &key).await?;
    let second = service.post_with(PATH, &clerk, dispute(), &key).await?;
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(second.version(), Some(1));
    assert_eq!(first.expect(201)?, second.expect(201)?);
    let other = dispute_with("/amount_fen", json!(1));
    let other = service.post_with(PATH, &clerk, other, &key).await?;
    other.expect_problem(422, "idempotency-key-reused")?;
    assert_eq!(
        (
            service.count("matters").await?,
            service.count("outbox").await?
        ),
        (1, 1)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_online_speaks_for_the_first_applicant_only() -> Result<()> {
    let service = Service::start().await?;
    let person = service.role("applicant");
    let with_other_account = service.post(PATH, &person, dispute()).await?;
    let problem = with_other_account.expect_problem(422, "invalid-body")?;
    assert_eq!(problem["pointer"], "/parties/0/account_subject");
    let mut body = dispute_with("/parties/0/account_subject", Value::Null);
    body["parties"][1]["account_subject"] = json!("test-applicant");
    let for_respondent = service.post(PATH, &person, body).await?;
    let problem = for_respondent.expect_problem(422, "invalid-body")?;
    assert_eq!(problem["pointer"], "/parties/1/account_subject");
    let mut body = dispute_with("/parties/0/account_subject", Value::Null);
    let at_the_window = service.post(PATH, &person, body.clone()).await?;
    let problem = at_the_window.expect_problem(422, "channel-needs-operator")?;
    assert_eq!(problem["pointer"], "/channel");
    body["channel"] = json!("dispute_code");
    body["place_code"] = json!("620602-0017");
    body["source"] = json!("superior");
    let from_above = service.post(PATH, &person, body.clone()).await?;
    let problem = from_above.expect_problem(422, "source-needs-operator")?;
    assert_eq!(problem["pointer"], "/source");
    nothing_stored(&service).await?;

    body["source"] = json!("public");
    let view = service.post(PATH, &person, body).await?.expect(201)?;
    assert_eq!(view["first_asked"], Value::Null);
    assert_eq!(view["place_code"], "620602-0017");
    let path = format!("{PATH}/{}/parties", text(&view, "/id")?);
    let parties = service.get(&path, &person).await?.expect(200)?;
    assert_eq!(parties["items"][0]["has_account"], true);
    assert_eq!(parties["items"][1]["has_account"], false);
    Ok(())
}
