//! `GET /follow-ups`.

use anyhow::Result;
use chrono::Duration;
use contracts::{Service, ids::CaseId};
use serde_json::{Value, json};

use crate::support::{self, FOLLOW_UPS, OTHER_COUNTY, satisfied};

fn cases(page: &Value) -> Vec<Value> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["case_id"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list() -> Result<()> {
    let service = support::start().await?;
    let page = service
        .get(FOLLOW_UPS, &service.role("evaluator"))
        .await?
        .expect(200)?;
    assert_eq!(page, json!({ "items": [], "next_cursor": null }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_the_first_due_first_and_filters() -> Result<()> {
    let known = support::performed().await?;
    let (service, mut expected) = (&known.service, vec![json!(known.case_id)]);
    // Two on the same later day, in the order they were planned.
    service.time.advance(Duration::days(2));
    for _ in 0..2 {
        let case_id: CaseId = support::id();
        let event = support::fulfilled(service, case_id, 0);
        service.publish(Service::Mediation, case_id, &event).await?;
        service.settle().await?;
        expected.push(json!(case_id));
    }
    let token = service.role("evaluator");
    let page = service
        .get(&format!("{FOLLOW_UPS}?limit=2"), &token)
        .await?
        .expect(200)?;
    assert_eq!(cases(&page), expected[..2]);
    let cursor = page["next_cursor"].as_str().unwrap();
    let path = format!("{FOLLOW_UPS}?limit=2&cursor={cursor}");
    let page = service.get(&path, &token).await?.expect(200)?;
    assert_eq!(cases(&page), expected[2..]);
    assert!(page["next_cursor"].is_null());

    known.complete(satisfied()).await?.expect(200)?;
    for (filter, expected) in [
        ("state=done".to_owned(), &expected[..1]),
        ("state=planned".to_owned(), &expected[1..]),
        ("due_before=2026-09-09".to_owned(), &expected[..1]),
        ("due_before=2026-09-08".to_owned(), &[]),
        (format!("case_id={}", known.case_id), &expected[..1]),
    ] {
        let page = service
            .get(&format!("{FOLLOW_UPS}?{filter}"), &token)
            .await?
            .expect(200)?;
        assert_eq!(cases(&page), expected, "{filter}");
    }
    let elsewhere = service
        .token()
        .roles(["evaluator"])
        .region(OTHER_COUNTY)
        .sign()?;
    let page = service.get(FOLLOW_UPS, &elsewhere).await?.expect(200)?;
    assert!(cases(&page).is_empty());
    for wrong in [
        "state=lost",
        "limit=201",
        "due_before=2026-02-30",
        "colour=red",
    ] {
        let answer = service
            .get(&format!("{FOLLOW_UPS}?{wrong}"), &token)
            .await?;
        answer.expect_problem(400, "invalid-query")?;
    }
    let answer = service
        .get(&format!("{FOLLOW_UPS}?cursor=%21"), &token)
        .await?;
    answer.expect_problem(400, "invalid-cursor")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_names_its_own_case() -> Result<()> {
    let known = support::performed().await?;
    known.accounts().await?;
    let party = known.account("party")?;
    let problem = known
        .service
        .get(FOLLOW_UPS, &party)
        .await?
        .expect_problem(400, "invalid-query")?;
    assert_eq!(problem["pointer"], "/case_id");
    let own = format!("{FOLLOW_UPS}?case_id={}", known.case_id);
    let page = known.service.get(&own, &party).await?.expect(200)?;
    assert_eq!(cases(&page), [json!(known.case_id)]);
    let stranger = known.account("stranger")?;
    known
        .service
        .get(&own, &stranger)
        .await?
        .expect_problem(404, "not-found")?;
    Ok(())
}
