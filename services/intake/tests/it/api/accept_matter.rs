//! `POST /matters/{id}/accept`.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::Duration;
use contracts::{events::intake::MatterAccepted, ids::MatterId};
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use testkit::http::TestResponse;

use crate::support::*;

async fn accept(service: &Service, matter: MatterId) -> Result<TestResponse> {
    let clerk = service.role("window_clerk");
    service
        .post(
            &format!("/intake/v1/matters/{matter}/accept"),
            &clerk,
            json!({}),
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_under_a_number() -> Result<()> {
    let service = Service::start().await?;
    let (matter, case) = registered(&service).await?;
    service.time.advance(Duration::hours(1));
    let response = accept(&service, matter).await?;
    assert_eq!(response.version(), Some(2));
    let view = response.expect(200)?;
    insta::assert_json_snapshot!(view, {
        ".id" => "[matter]", ".case_id" => "[case]", ".parties[].party_id" => "[party]"
    });
    let codes = ["registered", "accepted"].map(str::to_owned).to_vec();
    assert_eq!(
        public(&service, case).await?,
        ("accepted".to_owned(), codes)
    );
    assert_eq!(clock(&service, matter).await?.1, "stopped");
    let events = service.published::<MatterAccepted>().await?;
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!((event.matter_id, event.case_id), (matter, case));
    assert_eq!(event.acceptance_number, text(&view, "/acceptance_number")?);
    assert_eq!(event.accepted_at - event.registered_at, Duration::hours(1));
    assert_eq!(serde_json::to_value(&event.parties)?, view["parties"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gap_when_many_accept_and_some_fail() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let mut matters = Vec::new();
    for _ in 0..8 {
        matters.push(registered(&service).await?.0);
    }
    // Everyone is accepted twice at once: one of each pair is too late, and must not take a number with it.
    let twice = matters.iter().chain(&matters);
    let answers = try_join_all(twice.map(|matter| {
        let path = format!("/intake/v1/matters/{matter}/accept");
        let (service, clerk) = (&service, &clerk);
        async move { service.post(&path, clerk, Value::Null).await }
    }))
    .await?;
    let (accepted, late): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert!(
        late.iter().all(|answer| matches!(answer.status, 409 | 412)),
        "{late:?}"
    );
    let numbers: BTreeSet<String> = accepted
        .iter()
        .map(|answer| text(&answer.body, "/acceptance_number").map(str::to_owned))
        .collect::<Result<_>>()?;
    let expected: BTreeSet<String> = (1..=8)
        .map(|n| format!("武威市（2026）枫受字第{n:06}号"))
        .collect();
    assert_eq!(numbers, expected);
    assert_eq!(service.published::<MatterAccepted>().await?.len(), 8);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_year_and_organisation_counts_from_one() -> Result<()> {
    let service = Service::start().await?;
    let office = service.role_in("window_clerk", organisation());
    let number = async |token: &str| {
        let view = service
            .post("/intake/v1/matters", token, dispute())
            .await?
            .expect(201)?;
        let path = format!("/intake/v1/matters/{}/accept", text(&view, "/id")?);
        let view = service.post(&path, token, json!({})).await?.expect(200)?;
        anyhow::Ok(text(&view, "/acceptance_number")?.to_owned())
    };
    let clerk = service.role("window_clerk");
    assert_eq!(number(&clerk).await?, "武威市（2026）枫受字第000001号");
    assert_eq!(number(&clerk).await?, "武威市（2026）枫受字第000002号");
    assert_eq!(number(&office).await?, "武威市（2026）枫受字第000001号");
    // In Beijing the new year has begun.
    service.time.set("2026-12-31T16:00:00Z".parse()?);
    assert_eq!(number(&clerk).await?, "武威市（2027）枫受字第000001号");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_asked_person_stays_the_same() -> Result<()> {
    let service = Service::start().await?;
    let triage = service.role("triage_officer");
    let (matter, _) = registered(&service).await?;
    let path = format!("/intake/v1/matters/{matter}/accept");
    let view = service.post(&path, &triage, json!({})).await?.expect(200)?;
    assert_eq!(view["first_asked"], "test-window_clerk");
    // A matter that came online meets its first person here.
    let person = service.role("applicant");
    let mut body = dispute_with("/parties/0/account_subject", Value::Null);
    body["channel"] = json!("network");
    let view = service
        .post("/intake/v1/matters", &person, body)
        .await?
        .expect(201)?;
    let path = format!("/intake/v1/matters/{}/accept", text(&view, "/id")?);
    let view = service.post(&path, &triage, json!({})).await?.expect(200)?;
    assert_eq!(view["first_asked"], "test-triage_officer");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_was_decided_changed_or_is_out_of_sight() -> Result<()> {
    let service = Service::start().await?;
    let (matter, case) = registered(&service).await?;
    let path = format!("/intake/v1/matters/{matter}/accept");
    let clerk = service.role("window_clerk");
    let stale = service
        .post_with(&path, &clerk, json!({}), &[("if-match", "\"7\"")])
        .await?;
    stale.expect_problem(412, "stale-version")?;
    let elsewhere = service
        .token()
        .roles(["window_clerk"])
        .region("620621")
        .sign()?;
    service
        .post(&path, &elsewhere, json!({}))
        .await?
        .expect_problem(404, "not-found")?;
    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    service
        .post(&path, &person, json!({}))
        .await?
        .expect_problem(403, "forbidden")?;
    let unknown = format!("/intake/v1/matters/{case}/accept");
    service
        .post(&unknown, &clerk, json!({}))
        .await?
        .expect_problem(404, "not-found")?;
    service
        .post("/intake/v1/matters/42/accept", &clerk, json!({}))
        .await?
        .expect_problem(422, "invalid-id")?;
    service
        .post(&path, &clerk, json!({ "number": "1" }))
        .await?
        .expect_problem(422, "invalid-body")?;
    assert_eq!(public(&service, case).await?.0, "registered");
    assert_eq!(
        (
            service.count("outbox").await?,
            service.count("acceptance_numbers").await?
        ),
        (1, 0)
    );

    let fresh = service
        .post_with(&path, &clerk, json!({}), &[("if-match", "\"1\"")])
        .await?;
    fresh.expect(200)?;
    let again = accept(&service, matter)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    assert_eq!(again["detail_en"], "The matter is accepted");
    assert_eq!(service.count("outbox").await?, 2);
    Ok(())
}
