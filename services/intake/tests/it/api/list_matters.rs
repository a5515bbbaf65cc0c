//! `GET /matters`.

use anyhow::{Context as _, Result};
use chrono::Duration;
use serde_json::{Value, json};

use crate::support::*;

/// The ids on a page, and how many there are in all.
async fn list(
    service: &Service,
    token: &str,
    query: &str,
) -> Result<(Vec<String>, i64, Option<String>)> {
    let page = service
        .get(&format!("/intake/v1/matters?{query}"), token)
        .await?
        .expect(200)?;
    let items = page["items"].as_array().context("items")?;
    let ids = items
        .iter()
        .map(|item| text(item, "/id").map(str::to_owned))
        .collect::<Result<_>>()?;
    Ok((
        ids,
        page["total"].as_i64().context("total")?,
        page["next_cursor"].as_str().map(str::to_owned),
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list_is_empty() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let page = service
        .get("/intake/v1/matters", &clerk)
        .await?
        .expect(200)?;
    assert_eq!(
        page,
        json!({ "items": [], "next_cursor": null, "total": 0, "total_capped": false })
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_every_matter_once_the_newest_first() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let mut expected = Vec::new();
    for n in 0..7 {
        expected.insert(0, registered(&service).await?.0.to_string());
        if n % 3 == 0 {
            // The others of a group have the same time; the id decides.
            service.time.advance(Duration::seconds(1));
        }
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let (ids, total, next) = list(&service, &clerk, &format!("limit=3{cursor}")).await?;
        assert_eq!(total, 7);
        seen.extend(ids);
        let Some(next) = next else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_scope_choose() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    // 2026-09-01 in Beijing, and the first minute of the 2nd.
    let (first, _) = registered(&service).await?;
    service.time.set("2026-09-01T16:00:00Z".parse()?);
    let mut petition = dispute_with("/class", json!("petition"));
    petition["region"] = json!("620621");
    petition["parties"][0]["account_subject"] = json!("account-li");
    let (second, _) = ids(&register(&service, petition).await?)?;
    let (first, second) = (first.to_string(), second.to_string());
    service
        .post(
            &format!("/intake/v1/matters/{first}/accept"),
            &clerk,
            json!({}),
        )
        .await?
        .expect(200)?;

    for (query, expected) in [
        ("state=accepted", vec![&first]),
        ("state=registered", vec![&second]),
        ("state=answered", vec![]),
        ("class=petition", vec![&second]),
        ("region=620602", vec![&first]),
        ("region=62", vec![&second, &first]),
        ("region=11", vec![]),
        ("from=2026-09-02", vec![&second]),
        ("to=2026-09-01", vec![&first]),
        ("from=2026-09-01&to=2026-09-02&class=dispute", vec![&first]),
    ] {
        let (ids, total, _) = list(&service, &clerk, query).await?;
        assert_eq!(ids.iter().collect::<Vec<_>>(), expected, "{query}");
        assert_eq!(usize::try_from(total)?, expected.len(), "{query}");
    }
    let county = service
        .token()
        .roles(["coordinator"])
        .region("620621")
        .sign()?;
    assert_eq!(list(&service, &county, "").await?.0, vec![second.clone()]);
    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    assert_eq!(list(&service, &person, "").await?, (vec![first], 1, None));
    let stranger = service
        .token()
        .roles(["applicant"])
        .subject("account-wu")
        .sign()?;
    assert_eq!(list(&service, &stranger, "").await?, (vec![], 0, None));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_it_cannot_read() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    for (query, status, code, pointer) in [
        ("state=lost", 400, "invalid-query", json!("/state")),
        ("region=abc", 422, "invalid-region", json!("/region")),
        ("from=2026-02-30", 400, "invalid-query", json!("/from")),
        (
            "from=2026-09-02&to=2026-09-01",
            422,
            "invalid-date",
            json!("/to"),
        ),
        ("limit=0", 400, "invalid-query", json!("/limit")),
        ("limit=201", 400, "invalid-query", json!("/limit")),
        ("cursor=nonsense", 400, "invalid-cursor", json!("/cursor")),
        ("sort=name", 400, "invalid-query", json!("/sort")),
    ] {
        let response = service
            .get(&format!("/intake/v1/matters?{query}"), &clerk)
            .await?;
        let problem = response.expect_problem(status, code)?;
        assert_eq!(
            problem.get("pointer").unwrap_or(&Value::Null),
            &pointer,
            "{query}"
        );
    }
    let leader = service.role("leader");
    service
        .get("/intake/v1/matters", &leader)
        .await?
        .expect_problem(403, "forbidden")?;
    Ok(())
}
