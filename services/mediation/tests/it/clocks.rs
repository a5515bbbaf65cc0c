//! The clocks that commands start and stop.

use anyhow::Result;
use chrono::Duration;
use contracts::events::clock::{ClockBreached, ClockWarned};
use serde_json::json;

use crate::support::{self, Desk};

async fn running(desk: &Desk) -> Result<[i64; 3]> {
    let count = async |kind: &str| {
        desk.service
            .count(&format!(
                "clocks WHERE state = 'running' AND kind = '{kind}'"
            ))
            .await
    };
    Ok([
        count("mediation.consent").await?,
        count("mediation.statutory").await?,
        count("performance.obligation").await?,
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn one_clock_runs_for_each_step() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.opened().await?;
    assert_eq!(running(&desk).await?, [1, 0, 0]);
    desk.consent(proceeding, case.applicant).await?;
    desk.consent(proceeding, case.respondent).await?;
    assert_eq!(running(&desk).await?, [0, 0, 0]);
    desk.post(
        &format!("/proceedings/{proceeding}/start"),
        json!({ "mediator_ids": [desk.mediator] }),
    )
    .await?
    .expect(200)?;
    assert_eq!(running(&desk).await?, [0, 1, 0]);
    desk.post(
        &format!("/proceedings/{proceeding}/sessions"),
        support::session(case),
    )
    .await?
    .expect(201)?;
    let made = desk
        .post(
            &format!("/proceedings/{proceeding}/agreement"),
            support::draft(case),
        )
        .await?
        .expect(201)?;
    assert_eq!(running(&desk).await?, [0, 1, 0]);
    desk.sign_all(case, support::text(&made, "id").parse()?)
        .await?;
    assert_eq!(running(&desk).await?, [0, 0, 2]);
    for clause in made["clauses"].as_array().unwrap() {
        let path = format!(
            "/obligations/{}/fulfil",
            support::text(clause, "obligation_id")
        );
        desk.post(
            &path,
            json!({ "fulfilled_on": "2026-09-01", "proof": "收据1号" }),
        )
        .await?
        .expect(200)?;
    }
    assert_eq!(running(&desk).await?, [0, 0, 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_stops_the_clock_of_its_step() -> Result<()> {
    let desk = support::start().await?;
    let (_, waiting) = desk.opened().await?;
    let (_, mediating) = desk.started().await?;
    assert_eq!(running(&desk).await?, [1, 1, 0]);
    for (proceeding, left) in [(waiting, [0, 1, 0]), (mediating, [0, 0, 0])] {
        desk.post(
            &format!("/proceedings/{proceeding}/end"),
            json!({ "end_code": "large_gap" }),
        )
        .await?
        .expect(200)?;
        assert_eq!(running(&desk).await?, left);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_is_urged_before_an_obligation_is_due() -> Result<()> {
    let desk = support::start().await?;
    let (case, _, obligations) = desk.effective().await?;
    desk.service.time.set("2026-09-08T04:00:00Z".parse()?);
    let warned = async || {
        Ok(desk
            .service
            .published::<ClockWarned>()
            .await?
            .iter()
            .any(|event| event.kind == "performance.obligation"))
    };
    testkit::service::eventually("a warning three days before", warned).await?;
    desk.service.time.advance(Duration::days(3));
    let breached = async || Ok(!desk.service.published::<ClockBreached>().await?.is_empty());
    testkit::service::eventually("the first instalment is overdue", breached).await?;
    let events = desk.service.published::<ClockBreached>().await?;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].case_id, case.id);
    assert_eq!(json!(events[0].object_id), obligations[0]["id"]);
    Ok(())
}
