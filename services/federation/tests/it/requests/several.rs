//! One request to several nodes at once.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use testkit::http::TestResponse;

use super::support::*;

async fn send(node: &Node, body: Value) -> Result<TestResponse> {
    let token = node.token("coordinator");
    node.service
        .post("/federation/v1/request-batches", &token, body)
        .await
}

/// The receivers of a batch, those in a state or all.
async fn receivers(node: &Node, batch: &Value, state: &str) -> Result<Vec<String>> {
    let id = batch["id"].as_str().context("id")?;
    let path = format!("/federation/v1/requests?batch_id={id}{state}");
    let page = node
        .service
        .get(&path, &node.token("coordinator"))
        .await?
        .expect(200)?;
    let items = page["items"].as_array().context("items")?;
    let mut nodes: Vec<String> = items
        .iter()
        .map(|item| item["to_node"].as_str().unwrap_or_default().to_owned())
        .collect();
    nodes.sort();
    Ok(nodes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circular_goes_to_all_below_and_shows_who_has_not_signed() -> Result<()> {
    let (county, city, other) = three().await?;
    let circular = json!({ "kind": "circulate", "reach": "below", "reason": REASON });
    let batch = send(&city, circular.clone()).await?.expect(201)?;
    // Another one meanwhile is another batch.
    send(&city, circular).await?.expect(201)?;
    assert_eq!(receivers(&city, &batch, "").await?, ["620602", "620621"]);
    ship(&[&county, &city, &other]).await?;

    let of_county = batch["requests"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["to_node"] == "620602"))
        .and_then(|one| one["id"].as_str())
        .context("the county's")?;
    county
        .step(of_county, "sign", json!({}))
        .await?
        .expect(200)?;
    ship(&[&county, &city, &other]).await?;
    assert_eq!(
        receivers(&city, &batch, "&state=delivered").await?,
        ["620621"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_node_gets_its_own_figures_and_one_request() -> Result<()> {
    let (_county, city, _other) = three().await?;
    let values = json!({ "set": "rulings", "period": "2026-08" });
    let body =
        json!({ "kind": "return_data", "to": ["620602", "620621", "620602"], "values": values });
    let batch = send(&city, body).await?.expect(201)?;
    let requests = batch["requests"].as_array().context("requests")?;
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(request["figures"]["received"], 12);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_sent_or_none() -> Result<()> {
    let (county, city, _other) = three().await?;
    let refused = async |node: &Node, body: Value, code: &str, pointer: &str| -> Result<()> {
        let problem = send(node, body.clone()).await?.expect_problem(422, code)?;
        assert_eq!(problem["pointer"], pointer, "{body}");
        Ok(())
    };
    let to = |nodes: &[&str]| json!({ "kind": "circulate", "to": nodes, "reason": REASON });
    refused(&city, to(&["620602", "620699"]), "unknown-node", "/to/1").await?;
    refused(&city, to(&["620602", "6206"]), "wrong-direction", "/to/1").await?;
    refused(&city, to(&[]), "invalid-body", "/to").await?;
    let both = json!({ "kind": "circulate", "to": ["620602"], "reach": "below", "reason": REASON });
    refused(&city, both, "invalid-body", "/to").await?;
    let neither = json!({ "kind": "circulate", "reason": REASON });
    refused(&city, neither, "invalid-body", "/to").await?;
    let about_a_case = json!({ "kind": "supervise", "reach": "children", "reason": REASON,
        "values": { "grade": "general", "fault": "overdue" } });
    refused(&city, about_a_case, "case-required", "/case_id").await?;
    let to_nobody = json!({ "kind": "circulate", "reach": "children", "reason": REASON });
    refused(&county, to_nobody, "unknown-node", "/reach").await?;
    assert_eq!(city.service.count("requests").await?, 0);
    assert!(city.letters().await?.is_empty());
    Ok(())
}
