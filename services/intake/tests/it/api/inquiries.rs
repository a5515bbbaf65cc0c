//! Advice asked for, answered, rated.

use anyhow::Result;
use contracts::events::intake::{InquiryAnswered, InquiryAsked, InquiryRated};
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_in_its_term_and_may_be_rated() -> Result<()> {
    let service = Service::start().await?;
    let person = |subject: &str| service.token().roles(["applicant"]).subject(subject).sign();
    let (own, other) = (person("account-zhang")?, person("account-li")?);
    let clerk = service.role("window_clerk");
    let question = |item: &str, region: &str, text: &str| json!({ "region": region, "item": item, "question": text });
    for (body, code) in [
        (
            question("weather", "620602", "明天下雨吗"),
            "unknown-inquiry-item",
        ),
        (question("legal_advice", "620602", ""), "text-required"),
        (
            question("legal_advice", "620102", "押金能退吗"),
            "region-out-of-scope",
        ),
        (
            question("legal_advice", "620699", "押金能退吗"),
            "invalid-region",
        ),
    ] {
        service
            .post("/intake/v1/inquiries", &own, body)
            .await?
            .expect_problem(422, code)?;
    }
    assert_eq!(service.count("inquiries").await?, 0);
    let body = question("legal_advice", "620602", "房东不退押金怎么办");
    let asked = service
        .post("/intake/v1/inquiries", &own, body)
        .await?
        .expect(201)?;
    assert_eq!(
        (&asked["state"], &asked["last_day"]),
        (&json!("asked"), &json!("2026-09-02"))
    );
    let path = format!("/intake/v1/inquiries/{}", text(&asked, "/id")?);
    let post = async |command: &str, token: &str, body: Value| {
        service
            .post(&format!("{path}/{command}"), token, body)
            .await
    };
    assert_eq!(service.count("clocks WHERE state = 'running'").await?, 1);
    post("rate", &own, json!({ "score": 5 }))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    post("answer", &own, json!({ "answer": "x" }))
        .await?
        .expect_problem(403, "forbidden")?;
    service
        .get(&path, &other)
        .await?
        .expect_problem(404, "not-found")?;
    let answered = post("answer", &clerk, json!({ "answer": "可以申请调解" })).await?;
    assert_eq!(answered.expect(200)?["answer"], "可以申请调解");
    post("answer", &clerk, json!({ "answer": "再答一次" }))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    post("rate", &own, json!({ "score": 99 }))
        .await?
        .expect_problem(422, "rating-out-of-scale")?;
    post("rate", &own, json!({ "score": 5 }))
        .await?
        .expect(200)?;
    assert_eq!(service.count("clocks WHERE state = 'running'").await?, 0);
    for (token, count) in [(&own, 1), (&other, 0), (&clerk, 1)] {
        let page = service
            .get("/intake/v1/inquiries?state=answered", token)
            .await?
            .expect(200)?;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(count));
    }
    assert_eq!(service.published::<InquiryAsked>().await?.len(), 1);
    assert_eq!(service.published::<InquiryAnswered>().await?.len(), 1);
    assert_eq!(service.published::<InquiryRated>().await?[0].score, 5);
    Ok(())
}
