//! `POST /cases/{id}/reopen` and `POST /cases/{id}/recurrence`.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    events::intake::{CaseRecurred, CaseReopened},
    ids::CaseId,
};
use serde_json::{Value, json};

use crate::support::*;

async fn reopen(
    service: &Service,
    case: CaseId,
    body: Value,
) -> Result<testkit::http::TestResponse> {
    let path = format!("/intake/v1/cases/{case}/reopen");
    service
        .post(&path, &service.role("coordinator"), body)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_case_is_opened_again_within_its_window() -> Result<()> {
    let service = Service::start().await?;
    let (_, case) = accepted(&service).await?;
    let why = json!({ "reason": "dissatisfied", "note": "对方没有道歉" });
    reopen(&service, case, why.clone())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    service.time.advance(Duration::hours(1));
    close(&service, case).await?;
    let closed_at = service.time.now();
    service.time.advance(Duration::days(3));
    for (body, code, pointer) in [
        (
            json!({ "reason": "bored" }),
            "unknown-reopen-reason",
            "/reason",
        ),
        (
            json!({ "reason": "objection", "note": "" }),
            "text-required",
            "/note",
        ),
    ] {
        let problem = reopen(&service, case, body).await?;
        assert_eq!(problem.expect_problem(422, code)?["pointer"], pointer);
    }
    let stranger = service.token().roles(["applicant"]).subject("x").sign()?;
    let path = format!("/intake/v1/cases/{case}/reopen");
    service
        .post(&path, &stranger, why.clone())
        .await?
        .expect_problem(404, "not-found")?;

    let person = service
        .token()
        .roles(["applicant"])
        .subject("account-zhang")
        .sign()?;
    let view = service.post(&path, &person, why).await?.expect(200)?;
    assert_eq!(view["status"], "accepted");
    assert_eq!(view["closed_at"], json!(closed_at));
    let events = service.published::<CaseReopened>().await?;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (
            events[0].case_id,
            events[0].closed_at,
            events[0].reason.as_str()
        ),
        (case, closed_at, "dissatisfied")
    );
    assert_eq!(archive_clock(&service, case).await?, "stopped");

    // What happened before no longer moves it; what happens now does.
    dispatched(&service, case, organisation(), closed_at).await?;
    assert_eq!(public(&service, case).await?.0, "accepted");
    service.time.advance(Duration::hours(1));
    dispatched(&service, case, organisation(), service.time.now()).await?;
    let (status, codes) = public(&service, case).await?;
    assert_eq!(status, "dispatched");
    assert_eq!(
        codes.join(" "),
        "registered accepted closed dispatched reopened dispatched"
    );

    // The window is counted from the last closing.
    close(&service, case).await?;
    service.time.advance(Duration::days(31));
    let over = reopen(&service, case, json!({ "reason": "objection" }))
        .await?
        .expect_problem(409, "reopen-window-over")?;
    assert!(text(&over, "/detail_en")?.contains("2026-10-04"), "{over}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_that_comes_back_is_a_linked_case_at_any_time() -> Result<()> {
    let service = Service::start().await?;
    let (_, case) = accepted(&service).await?;
    let clerk = service.role("window_clerk");
    let path = format!("/intake/v1/cases/{case}/recurrence");
    service
        .post(&path, &clerk, dispute())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    service.time.advance(Duration::hours(1));
    close(&service, case).await?;
    service.time.advance(Duration::days(200));
    let bad = dispute_with("/narrative", json!(""));
    service
        .post(&path, &clerk, bad)
        .await?
        .expect_problem(422, "text-required")?;
    let view = service.post(&path, &clerk, dispute()).await?.expect(201)?;
    let (_, again) = ids(&view)?;
    assert_ne!(again, case);
    let (status, codes) = public(&service, again).await?;
    assert_eq!(status, "registered");
    assert!(codes.contains(&"recurred".to_owned()), "{codes:?}");
    let path = format!("/intake/v1/cases/{again}");
    let view = service.get(&path, &clerk).await?.expect(200)?;
    assert_eq!(view["recurrence_of"], json!(case));
    let events = service.published::<CaseRecurred>().await?;
    assert_eq!(
        (events[0].case_id, events[0].earlier_case_id),
        (again, case)
    );
    Ok(())
}
