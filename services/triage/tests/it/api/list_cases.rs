//! `GET /cases`.

use anyhow::Result;
use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{self, COUNTY, OTHER_COUNTY, Triaging};

async fn list(service: &Triaging, query: &str, token: &str) -> Result<Value> {
    let path = format!("/triage/v1/cases{query}");
    service.get(&path, token).await?.expect(200)
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["case_id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_worklist_is_an_empty_page() -> Result<()> {
    let service = support::start().await?;
    let officer = service.role("triage_officer");
    let page = list(&service, "", &officer).await?;
    assert_eq!(page, json!({ "items": [], "next_cursor": null }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_by_when_the_decision_is_due() -> Result<()> {
    let service = support::start().await?;
    let mut expected = Vec::new();
    for days in [0, 1, 2] {
        for _ in 0..2 {
            expected.push(support::case(&service).await?.to_string());
        }
        if days < 2 {
            service.time.advance(Duration::days(1));
        }
    }
    let officer = service.role("triage_officer");
    let whole = list(&service, "", &officer).await?;
    assert_eq!(ids(&whole), expected);
    let mut seen = Vec::new();
    let mut query = "?limit=4".to_owned();
    loop {
        let page = list(&service, &query, &officer).await?;
        seen.extend(ids(&page));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        query = format!("?limit=4&cursor={cursor}");
    }
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_and_the_scope_choose() -> Result<()> {
    let service = support::start().await?;
    let waiting = support::case(&service).await?.to_string();
    let elsewhere = support::case_in(&service, OTHER_COUNTY).await?.to_string();
    let (given, _, organisation) = support::order(&service).await?;
    let given = given.to_string();

    let officer = service.role("triage_officer");
    let page = list(&service, "?state=accepted", &officer).await?;
    assert_eq!(ids(&page), [waiting.clone(), elsewhere.clone()]);
    let page = list(&service, "?state=dispatched", &officer).await?;
    assert_eq!(ids(&page), std::slice::from_ref(&given));
    assert_eq!(page["items"][0]["decided"], true);
    assert_eq!(page["items"][0]["organisation_id"], json!(organisation));
    let of_county = service.token().roles(["triage_officer"]).region(COUNTY);
    let page = list(&service, "", &of_county.sign()?).await?;
    assert_eq!(ids(&page), [waiting, given.clone()]);
    let mediator = service.role_in("mediator", organisation);
    let page = list(&service, "", &mediator).await?;
    assert_eq!(ids(&page), [given]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_parameters_are_refused() -> Result<()> {
    let service = support::start().await?;
    let officer = service.role("triage_officer");
    for (query, code) in [
        ("?state=lost", "invalid-query"),
        ("?colour=red", "invalid-query"),
        ("?limit=0", "invalid-query"),
        ("?cursor=xx", "invalid-cursor"),
    ] {
        let path = format!("/triage/v1/cases{query}");
        let answer = service.get(&path, &officer).await?;
        answer.expect_problem(400, code)?;
    }
    let answer = service
        .get("/triage/v1/cases", &service.role("applicant"))
        .await?;
    answer.expect_problem(403, "forbidden")?;
    Ok(())
}
