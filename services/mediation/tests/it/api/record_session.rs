//! `POST /proceedings/{id}/sessions`.

use anyhow::Result;
use contracts::{events::mediation::SessionHeld, ids::PartyId};
use serde_json::{Value, json};

use crate::support::{self, id, session, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_recorded_for_the_organisation_alone() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.started().await?;
    let made = desk
        .post(
            &format!("/proceedings/{proceeding}/sessions"),
            session(case),
        )
        .await?
        .expect(201)?;
    assert_eq!(made["record"], "双方陈述了经过。");
    let event = desk
        .service
        .published::<SessionHeld>()
        .await?
        .pop()
        .unwrap();
    assert_eq!(
        (event.session_id.to_string().as_str(), event.place.as_str()),
        (text(&made, "id"), "centre")
    );
    let path = format!("/mediation/v1/proceedings/{proceeding}");
    let own = desk.get(&format!("/proceedings/{proceeding}")).await?;
    assert_eq!(
        (&own["sessions"], &own["sessions_held"], &own["version"]),
        (&json!([made]), &json!(1), &json!(5))
    );
    for token in [
        desk.service.role("coordinator"),
        desk.account(case.applicant),
    ] {
        let view = desk.service.get(&path, &token).await?.expect(200)?;
        assert_eq!(view["sessions"][0]["record"], Value::Null);
    }
    assert!(!serde_json::to_string(&desk.service.events().await?)?.contains("陈述"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_cannot_have_been_is_refused() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.started().await?;
    let path = format!("/proceedings/{proceeding}/sessions");
    let changed = |field: &str, value: Value| {
        let mut body = session(case);
        body[field] = value;
        body
    };
    desk.all_refused(
        &path,
        vec![
            (
                changed("held_at", json!("2026-09-01T02:00:01Z")),
                422,
                "invalid-date",
                json!("/held_at"),
            ),
            (
                changed("held_at", json!("2026-08-31T15:59:59Z")),
                422,
                "invalid-date",
                json!("/held_at"),
            ),
            (
                changed("held_at", json!("2026-02-30T00:00:00Z")),
                422,
                "invalid-body",
                json!("/held_at"),
            ),
            (
                changed("place", json!("tavern")),
                422,
                "invalid-body",
                json!("/place"),
            ),
            (
                changed("attendance", json!([])),
                422,
                "invalid-body",
                json!("/attendance"),
            ),
            (
                changed("attendance", json!([case.applicant, id::<PartyId>()])),
                422,
                "unknown-party",
                json!("/attendance/1"),
            ),
            (
                changed("attendance", json!([case.applicant, case.applicant])),
                422,
                "unknown-party",
                json!("/attendance/1"),
            ),
            (
                changed("record", json!("")),
                422,
                "text-required",
                json!("/record"),
            ),
            (
                changed("record", json!("录".repeat(20_001))),
                422,
                "text-too-long",
                json!("/record"),
            ),
            (
                changed("fee_fen", json!(1)),
                422,
                "invalid-body",
                json!("/fee_fen"),
            ),
        ],
    )
    .await?;
    let (waiting_case, waiting) = desk.opened().await?;
    let early = vec![(
        session(waiting_case),
        409,
        "transition-not-allowed",
        json!(null),
    )];
    desk.all_refused(&format!("/proceedings/{waiting}/sessions"), early)
        .await?;
    for token in desk.strangers().iter().take(2) {
        desk.service
            .post(&format!("/mediation/v1{path}"), token, session(case))
            .await?
            .expect_problem(404, "not-found")?;
    }
    Ok(())
}
