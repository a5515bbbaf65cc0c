//! `POST /follow-ups/{id}/complete`.

use anyhow::Result;
use contracts::{
    events::{
        evaluation::{FollowUpDone, FollowUpScheduled},
        triage::RiskColour,
    },
    ids::FollowUpId,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{self, FOLLOW_UPS, MEDIATOR, OTHER_COUNTY, clock_states, closing, satisfied};

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_recorded() -> Result<()> {
    let known = support::performed().await?;
    let answer = known.complete(satisfied()).await?;
    assert_eq!(answer.version(), Some(2));
    let view = answer.expect(200)?;
    assert_eq!(view["state"], "done");
    insta::assert_json_snapshot!(view, { ".id" => "[id]", ".case_id" => "[id]" });
    assert_eq!(
        clock_states(&known.service, "followup.visit").await?,
        ["stopped"]
    );
    assert_eq!(
        clock_states(&known.service, "case.close").await?,
        ["running"]
    );
    let events = known.service.published::<FollowUpDone>().await?;
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(event.satisfied, Some(true));
    // A debt has one visit.
    assert_eq!(
        known.service.published::<FollowUpScheduled>().await?.len(),
        1
    );

    known
        .complete(satisfied())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    assert_eq!(known.service.published::<FollowUpDone>().await?.len(), 1);
    Ok(())
}

/// Neighbours are visited after 7 and 30 days; both days are counted from the end of the work and rolled.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_visit_of_the_plan_is_planned() -> Result<()> {
    let known = support::performed_of("neighbour", RiskColour::Yellow).await?;
    known.complete(satisfied()).await?.expect(200)?;
    let visits = known.view().await?["follow_ups"].clone();
    assert_eq!(visits[0]["due_on"], "2026-09-08");
    assert_eq!(visits[1]["due_on"], "2026-10-08");
    assert_eq!(visits[1]["state"], "planned");
    assert_eq!(
        known.service.published::<FollowUpScheduled>().await?.len(),
        2
    );
    assert_eq!(
        clock_states(&known.service, "followup.visit").await?,
        ["stopped", "running"]
    );

    // After the closing the planned visit is still made, and none is added.
    known.close(closing()).await?.expect(200)?;
    let path = known.visit(2).await?;
    let token = known.service.role("evaluator");
    known
        .service
        .post(&path, &token, satisfied())
        .await?
        .expect(200)?;
    assert_eq!(
        known.view().await?["follow_ups"].as_array().unwrap().len(),
        2
    );
    assert_eq!(
        clock_states(&known.service, "case.close").await?,
        ["stopped"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_reached_is_tried_three_times() -> Result<()> {
    let known = support::performed().await?;
    for tries in 1..=2 {
        let view = known
            .complete(json!({ "reached": false, "note": "无人接听" }))
            .await?
            .expect(200)?;
        assert_eq!(view["state"], "planned");
        assert_eq!(view["tries"], tries);
        assert!(view["reached"].is_null());
    }
    assert!(known.service.published::<FollowUpDone>().await?.is_empty());
    assert_eq!(
        clock_states(&known.service, "followup.visit").await?,
        ["running"]
    );
    let view = known
        .complete(json!({ "reached": false }))
        .await?
        .expect(200)?;
    assert_eq!(view["state"], "done");
    assert_eq!(view["reached"], false);
    let events = known.service.published::<FollowUpDone>().await?;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].satisfied, None);
    known.close(closing()).await?.expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mediator_does_not_visit() -> Result<()> {
    let known = support::performed().await?;
    let path = known.visit(1).await?;
    let token = known
        .service
        .token()
        .roles(["evaluator"])
        .subject(MEDIATOR)
        .sign()?;
    let answer = known.service.post(&path, &token, satisfied()).await?;
    answer.expect_problem(422, "same-person")?;
    assert_eq!(known.view().await?["follow_ups"][0]["tries"], 0);
    assert!(known.service.published::<FollowUpDone>().await?.is_empty());
    Ok(())
}

#[rstest]
#[case::unsaid(json!({ "reached": true }), "invalid-body", "/satisfied")]
#[case::nobody(json!({ "reached": false, "satisfied": true }), "invalid-body", "/reached")]
#[case::missing(json!({ "satisfied": true }), "invalid-body", "/reached")]
#[case::kind(json!({ "reached": "yes" }), "invalid-body", "/reached")]
#[case::unknown(json!({ "reached": true, "mood": "good" }), "invalid-body", "/mood")]
#[case::long(json!({ "reached": true, "satisfied": true, "note": "好".repeat(1001) }), "text-too-long", "/note")]
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_record_is_refused(
    #[case] body: Value,
    #[case] code: &str,
    #[case] pointer: &str,
) -> Result<()> {
    let known = support::performed().await?;
    let problem = known.complete(body).await?.expect_problem(422, code)?;
    assert_eq!(problem["pointer"], pointer);
    assert_eq!(known.view().await?["follow_ups"][0]["version"], 1);
    assert!(known.service.published::<FollowUpDone>().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_record_and_where() -> Result<()> {
    let known = support::performed().await?;
    let (path, service) = (known.visit(1).await?, &known.service);
    let elsewhere = service
        .token()
        .roles(["evaluator"])
        .region(OTHER_COUNTY)
        .sign()?;
    service
        .post(&path, &elsewhere, satisfied())
        .await?
        .expect_problem(404, "not-found")?;
    let coordinator = service.role("coordinator");
    service
        .post(&path, &coordinator, satisfied())
        .await?
        .expect_problem(403, "forbidden")?;
    let unknown = format!("{FOLLOW_UPS}/{}/complete", support::id::<FollowUpId>());
    let evaluator = service.role("evaluator");
    service
        .post(&unknown, &evaluator, satisfied())
        .await?
        .expect_problem(404, "not-found")?;
    let stale = [("If-Match", "\"9\"")];
    let answer = service
        .post_with(&path, &evaluator, satisfied(), &stale)
        .await?;
    answer.expect_problem(412, "stale-version")?;
    Ok(())
}
