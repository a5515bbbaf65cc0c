//! `POST /proceedings/{id}/pause`, `/resume`, `/extend`.

use anyhow::Result;
use contracts::events::mediation::{MediationExtended, MediationPaused, MediationResumed};
use serde_json::{Value, json};

use crate::support::{self, text};

fn because(reason: &str) -> Value {
    json!({ "reason": reason, "note": "委托鉴定机构核定损失" })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appraisal_stops_the_clock_and_its_end_moves() -> Result<()> {
    let desk = support::start().await?;
    let (_, proceeding) = desk.started().await?;
    let at = |segment: &str| format!("/proceedings/{proceeding}/{segment}");
    desk.all_refused(
        &at("pause"),
        vec![
            (because("holiday"), 422, "invalid-body", json!("/reason")),
            (
                json!({ "reason": "appraisal", "note": "" }),
                422,
                "text-required",
                json!("/note"),
            ),
        ],
    )
    .await?;
    desk.post(&at("resume"), json!({}))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let view = desk
        .post(&at("pause"), because("appraisal"))
        .await?
        .expect(200)?;
    let pause = &view["pauses"][0];
    assert_eq!(
        (text(&view, "state"), &pause["stops_clock"], &pause["until"]),
        ("paused", &json!(true), &json!(null))
    );
    desk.post(&at("pause"), because("appraisal"))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    desk.service.time.set("2026-09-11T02:00:00Z".parse()?);
    let view = desk.post(&at("resume"), json!({})).await?.expect(200)?;
    // Ten days later than 1 October: 11 October is a Sunday.
    assert_eq!(
        (text(&view, "state"), text(&view, "due_at")),
        ("mediating", "2026-10-12T16:00:00Z")
    );
    assert_eq!(
        desk.service.published::<MediationPaused>().await?[0].reason,
        "appraisal"
    );
    assert_eq!(
        json!(desk.service.published::<MediationResumed>().await?[0].due_at),
        view["due_at"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limited_suspension_ends_by_itself_and_some_do_not_stop_the_clock() -> Result<()> {
    let desk = support::start().await?;
    let (_, absent) = desk.started().await?;
    let view = desk
        .post(
            &format!("/proceedings/{absent}/pause"),
            because("party_absent"),
        )
        .await?
        .expect(200)?;
    assert_eq!(view["pauses"][0]["stops_clock"], false);
    let (_, proceeding) = desk.started().await?;
    let path = format!("/proceedings/{proceeding}");
    let view = desk
        .post(&format!("{path}/pause"), because("party_reason"))
        .await?
        .expect(200)?;
    assert_eq!(
        (
            &view["pauses"][0]["stops_clock"],
            text(&view["pauses"][0], "until")
        ),
        (&json!(true), "2026-10-01T16:00:00Z")
    );
    desk.service.time.set("2026-10-01T16:00:00Z".parse()?);
    let goes_on = async || Ok(desk.get(&path).await?["state"] == "mediating");
    testkit::service::eventually("mediation goes on by itself", goes_on).await?;
    // It is 2 October then: 31 days later than 1 October is a Sunday.
    assert_eq!(
        text(&desk.get(&path).await?, "due_at"),
        "2026-11-02T16:00:00Z"
    );
    let goes_on =
        async || Ok(desk.get(&format!("/proceedings/{absent}")).await?["state"] == "mediating");
    testkit::service::eventually("the other goes on too", goes_on).await?;
    // Its time went on meanwhile.
    assert_eq!(
        text(
            &desk.get(&format!("/proceedings/{absent}")).await?,
            "due_at"
        ),
        "2026-10-08T16:00:00Z"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_longer_time_needs_every_party_and_ends_at_its_cap() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.started().await?;
    let path = format!("/proceedings/{proceeding}/extend");
    let stranger = support::id::<contracts::ids::PartyId>();
    desk.all_refused(
        &path,
        vec![
            (
                json!({ "agreed_by": [case.applicant] }),
                409,
                "extension-needs-every-party",
                json!("/agreed_by"),
            ),
            (
                json!({ "agreed_by": [case.applicant, stranger] }),
                422,
                "unknown-party",
                json!("/agreed_by/1"),
            ),
        ],
    )
    .await?;
    let everyone = json!({ "agreed_by": [case.applicant, case.respondent] });
    let view = desk.post(&path, everyone.clone()).await?.expect(200)?;
    // 30 days after 1 October is a Saturday.
    assert_eq!(text(&view, "due_at"), "2026-11-02T16:00:00Z");
    assert_eq!(view["extensions"][0]["due_at"], view["due_at"]);
    assert_eq!(
        json!(desk.service.published::<MediationExtended>().await?[0].due_at),
        view["due_at"]
    );
    desk.all_refused(
        &path,
        vec![(everyone, 409, "extension-capped", json!(null))],
    )
    .await?;
    let (labour, proceeding) = desk.started_of("labour").await?;
    let everyone = json!({ "agreed_by": [labour.applicant, labour.respondent] });
    let path = format!("/proceedings/{proceeding}/extend");
    desk.all_refused(
        &path,
        vec![(everyone, 409, "extension-capped", json!(null))],
    )
    .await?;
    Ok(())
}
