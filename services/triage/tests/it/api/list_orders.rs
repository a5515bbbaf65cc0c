//! `GET /orders`.

use anyhow::Result;
use serde_json::{Value, json};

use crate::support::{self, COUNTY, OTHER_COUNTY, Triaging};

async fn list(service: &Triaging, query: &str, token: &str) -> Result<Value> {
    let path = format!("/triage/v1/orders{query}");
    service.get(&path, token).await?.expect(200)
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_orders_is_an_empty_page() -> Result<()> {
    let service = support::start().await?;
    let page = list(&service, "", &service.role("coordinator")).await?;
    assert_eq!(page, json!({ "items": [], "next_cursor": null }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn state_case_and_scope_choose() -> Result<()> {
    let service = support::start().await?;
    let (first_case, first, organisation) = support::order(&service).await?;
    let (_, second) = support::order_to(&service, organisation).await?;
    let other = support::organisation(&service, COUNTY).await?;
    let (_, third) = support::order_to(&service, other).await?;
    let officer = service.role_in("organisation_officer", organisation);
    let sign = format!("/triage/v1/orders/{first}/sign");
    let answer = service.post(&sign, &officer, json!({})).await?;
    answer.expect(200)?;

    assert_eq!(
        ids(&list(&service, "", &officer).await?),
        [first.clone(), second.clone()]
    );
    let page = list(&service, "?state=issued", &officer).await?;
    assert_eq!(ids(&page), std::slice::from_ref(&second));
    let coordinator = service.role("coordinator");
    let query = format!("?case_id={first_case}&state=signed");
    let page = list(&service, &query, &coordinator).await?;
    assert_eq!(ids(&page), std::slice::from_ref(&first));

    let page = list(&service, "?limit=2", &coordinator).await?;
    assert_eq!(ids(&page), [first, second]);
    let cursor = page["next_cursor"].as_str().unwrap();
    let query = format!("?limit=2&cursor={cursor}");
    let page = list(&service, &query, &coordinator).await?;
    assert_eq!(ids(&page), [third]);
    assert_eq!(page["next_cursor"], Value::Null);

    let elsewhere = service.token().roles(["coordinator"]);
    let elsewhere = elsewhere.region(OTHER_COUNTY).sign()?;
    assert!(ids(&list(&service, "", &elsewhere).await?).is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_parameters_are_refused() -> Result<()> {
    let service = support::start().await?;
    let token = service.role("coordinator");
    for (query, code) in [
        ("?state=lost", "invalid-query"),
        ("?case_id=7", "invalid-query"),
        ("?limit=201", "invalid-query"),
        ("?cursor=bm8", "invalid-cursor"),
    ] {
        let path = format!("/triage/v1/orders{query}");
        let answer = service.get(&path, &token).await?;
        answer.expect_problem(400, code)?;
    }
    Ok(())
}
