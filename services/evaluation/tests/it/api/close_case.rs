//! `POST /cases/{case_id}/close`.

use anyhow::Result;
use contracts::{
    events::{evaluation::CaseClosed, triage::RiskColour},
    ids::CaseId,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{self, OTHER_COUNTY, clock_states, closing, satisfied};

#[tokio::test(flavor = "multi_thread")]
async fn a_visited_case_is_closed_with_feedback() -> Result<()> {
    let known = support::performed().await?;
    known.complete(satisfied()).await?.expect(200)?;
    assert_eq!(
        clock_states(&known.service, "case.close").await?,
        ["running"]
    );
    let view = known.close(closing()).await?.expect(200)?;
    assert_eq!(view["state"], "closed");
    insta::assert_json_snapshot!(view, {
        ".case_id" => "[id]", ".follow_ups.*.id" => "[id]", ".follow_ups.*.case_id" => "[id]",
    });
    assert_eq!(view, known.view().await?);
    assert_eq!(
        clock_states(&known.service, "case.close").await?,
        ["stopped"]
    );
    let events = known.service.published::<CaseClosed>().await?;
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(event.case_id, known.case_id);

    known
        .close(closing())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    assert_eq!(known.service.published::<CaseClosed>().await?.len(), 1);
    Ok(())
}

#[rstest]
#[case::no_feedback(json!({ "feedback": null, "feedback_way": null, "rating_asked": true }), 422, "text-required", "/feedback")]
#[case::no_way(json!({ "feedback": "已告知", "rating_asked": true }), 422, "invalid-body", "/feedback_way")]
#[case::unknown_way(json!({ "feedback": "已告知", "feedback_way": "pigeon", "rating_asked": true }), 422, "invalid-body", "/feedback_way")]
#[case::long(json!({ "feedback": "好".repeat(1001), "feedback_way": "telephone" }), 422, "text-too-long", "/feedback")]
#[case::not_asked(json!({ "feedback": "已告知", "feedback_way": "telephone" }), 409, "rating-not-asked", "/rating_asked")]
#[case::unknown(json!({ "haste": true }), 422, "invalid-body", "/haste")]
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_closing_is_refused(
    #[case] body: Value,
    #[case] status: u16,
    #[case] code: &str,
    #[case] pointer: &str,
) -> Result<()> {
    let known = support::performed().await?;
    known.complete(satisfied()).await?.expect(200)?;
    let problem = known.close(body).await?.expect_problem(status, code)?;
    assert_eq!(problem["pointer"], pointer);
    assert_eq!(known.view().await?["state"], "follow_up");
    assert!(known.service.published::<CaseClosed>().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rating_given_need_not_be_asked_for() -> Result<()> {
    let known = support::performed().await?;
    known.complete(satisfied()).await?.expect(200)?;
    let rating = json!({ "score": 5, "party_id": known.parties[1] });
    let path = format!("{}/rating", known.path());
    known
        .service
        .post(&path, &known.service.role("evaluator"), rating)
        .await?
        .expect(201)?;
    let body = json!({ "feedback": "已告知", "feedback_way": "telephone" });
    known.close(body).await?.expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_closed_after_its_end_and_its_visit() -> Result<()> {
    let known = support::open("contract.debt", RiskColour::Blue).await?;
    known
        .close(closing())
        .await?
        .expect_problem(409, "case-not-ended")?;
    let known = support::performed().await?;
    known
        .close(closing())
        .await?
        .expect_problem(409, "follow-up-outstanding")?;
    assert!(known.service.published::<CaseClosed>().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_close_and_where() -> Result<()> {
    let known = support::performed().await?;
    let path = format!("{}/close", known.path());
    let elsewhere = known
        .service
        .token()
        .roles(["coordinator"])
        .region(OTHER_COUNTY)
        .sign()?;
    let answer = known.service.post(&path, &elsewhere, closing()).await?;
    answer.expect_problem(404, "not-found")?;
    let answer = known
        .service
        .post(&path, &known.service.role("evaluator"), closing())
        .await?;
    answer.expect_problem(403, "forbidden")?;
    let unknown = format!("/evaluation/v1/cases/{}/close", support::id::<CaseId>());
    let answer = known
        .service
        .post(&unknown, &known.service.role("coordinator"), closing())
        .await?;
    answer.expect_problem(404, "not-found")?;
    let stale = [("If-Match", "\"1\"")];
    let answer = known
        .service
        .post_with(&path, &known.service.role("coordinator"), closing(), &stale)
        .await?;
    answer.expect_problem(412, "stale-version")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_key_gives_the_first_answer() -> Result<()> {
    let known = support::performed().await?;
    known.complete(satisfied()).await?.expect(200)?;
    let (path, token) = (
        format!("{}/close", known.path()),
        known.service.role("coordinator"),
    );
    let key = [("Idempotency-Key", "close-1")];
    let first = known
        .service
        .post_with(&path, &token, closing(), &key)
        .await?;
    let again = known
        .service
        .post_with(&path, &token, closing(), &key)
        .await?;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.version(), first.version());
    assert_eq!(again.expect(200)?, first.expect(200)?);
    assert_eq!(known.service.published::<CaseClosed>().await?.len(), 1);
    Ok(())
}
