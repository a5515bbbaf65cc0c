//! `POST /matters/{id}/decline`.

use anyhow::Result;
use contracts::events::intake::MatterDeclined;
use serde_json::json;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn declines_with_the_ways_that_remain() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let (matter, case) = registered(&service).await?;
    let path = format!("/intake/v1/matters/{matter}/decline");
    let body = json!({ "reason": "in_court", "explanation": "凉州区法院已立案" });
    let response = service.post(&path, &clerk, body).await?;
    assert_eq!(response.version(), Some(2));
    let view = response.expect(200)?;
    assert_eq!(view["state"], "not_accepted");
    insta::assert_json_snapshot!(view["outcome"]);
    let codes = ["registered", "not_accepted"].map(str::to_owned).to_vec();
    assert_eq!(
        public(&service, case).await?,
        ("not_accepted".to_owned(), codes)
    );
    assert_eq!(clock(&service, matter).await?.1, "stopped");
    let events = service.published::<MatterDeclined>().await?;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (events[0].matter_id, events[0].reason.as_str()),
        (matter, "in_court")
    );
    let accept = format!("/intake/v1/matters/{matter}/accept");
    service
        .post(&accept, &clerk, json!({}))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_an_unknown_reason_a_long_text_and_a_stale_version() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let (matter, case) = registered(&service).await?;
    let path = format!("/intake/v1/matters/{matter}/decline");
    let cases = [
        (
            json!({ "reason": "too_hard" }),
            "unknown-decline-reason",
            "/reason",
        ),
        (json!({}), "invalid-body", "/reason"),
        (
            json!({ "reason": "other", "explanation": "烦".repeat(1001) }),
            "text-too-long",
            "/explanation",
        ),
        (
            json!({ "reason": "other", "explanation": "" }),
            "text-required",
            "/explanation",
        ),
    ];
    for (body, code, pointer) in cases {
        let problem = service
            .post(&path, &clerk, body)
            .await?
            .expect_problem(422, code)?;
        assert_eq!(problem["pointer"], pointer);
    }
    let body = json!({ "reason": "other" });
    let stale = service
        .post_with(&path, &clerk, body.clone(), &[("if-match", "\"2\"")])
        .await?;
    stale.expect_problem(412, "stale-version")?;
    let elsewhere = service
        .token()
        .roles(["triage_officer"])
        .region("620622")
        .sign()?;
    service
        .post(&path, &elsewhere, body)
        .await?
        .expect_problem(404, "not-found")?;
    assert_eq!(public(&service, case).await?.0, "registered");
    assert_eq!(service.count("outbox").await?, 1);
    Ok(())
}
