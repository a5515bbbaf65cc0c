//! `POST /matters/{id}/answer`.

use anyhow::Result;
use contracts::events::intake::MatterAnswered;
use serde_json::json;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn settles_on_the_spot() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let (matter, case) = registered(&service).await?;
    let path = format!("/intake/v1/matters/{matter}/answer");
    let body = json!({ "item": "legal_advice", "answer": "可以依据民法典相邻关系的规定主张权利" });
    let key = [("idempotency-key", "answer-1")];
    let view = service
        .post_with(&path, &clerk, body.clone(), &key)
        .await?
        .expect(200)?;
    assert_eq!(
        (&view["state"], &view["version"]),
        (&json!("answered"), &json!(2))
    );
    assert_eq!(view["outcome"]["code"], "legal_advice");
    let again = service.post_with(&path, &clerk, body, &key).await?;
    assert_eq!(again.expect(200)?, view);
    let codes = ["registered", "answered"].map(str::to_owned).to_vec();
    assert_eq!(
        public(&service, case).await?,
        ("answered".to_owned(), codes)
    );
    assert_eq!(clock(&service, matter).await?.1, "stopped");
    let events = service.published::<MatterAnswered>().await?;
    assert_eq!(events.len(), 1);
    assert!(!serde_json::to_string(&events[0])?.contains("民法典"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_is_not_simple_or_says_nothing() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let (matter, case) = registered(&service).await?;
    let path = format!("/intake/v1/matters/{matter}/answer");
    let cases = [
        (
            json!({ "item": "land_reform", "answer": "好" }),
            "not-on-the-spot",
            "/item",
        ),
        (
            json!({ "item": "legal_advice", "answer": "  " }),
            "text-required",
            "/answer",
        ),
        (
            json!({ "item": "legal_advice", "answer": "答".repeat(1001) }),
            "text-too-long",
            "/answer",
        ),
        (json!({ "item": "legal_advice" }), "invalid-body", "/answer"),
    ];
    for (body, code, pointer) in cases {
        let problem = service
            .post(&path, &clerk, body)
            .await?
            .expect_problem(422, code)?;
        assert_eq!(problem["pointer"], pointer);
    }
    let body = json!({ "item": "legal_advice", "answer": "好" });
    let grid = service.role("grid_worker");
    service
        .post(&path, &grid, body)
        .await?
        .expect_problem(403, "forbidden")?;
    assert_eq!(public(&service, case).await?.0, "registered");
    assert_eq!(service.count("outbox").await?, 1);
    Ok(())
}
