//! `POST /obligations/{id}/fulfil`.

use anyhow::Result;
use contracts::{events::mediation::PerformanceFulfilled, ids::ObligationId};
use serde_json::{Value, json};

use crate::support::{self, id, text};

fn paid(day: &str) -> Value {
    json!({ "fulfilled_on": day, "proof": "银行回单 0001" })
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_last_one_the_agreement_is_performed() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, obligations) = desk.effective().await?;
    desk.service.time.set("2026-09-20T02:00:00Z".parse()?);
    let path = |i: usize| {
        format!(
            "/mediation/v1/obligations/{}/fulfil",
            text(&obligations[i], "id")
        )
    };
    let late = desk
        .service
        .post(&path(0), &desk.account(case.respondent), paid("2026-09-11"))
        .await?
        .expect(200)?;
    assert_eq!(
        (text(&late, "state"), text(&late, "fulfilled_on")),
        ("fulfilled", "2026-09-11")
    );
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(
        (text(&view, "state"), &view["remaining"]),
        ("performing", &json!(1))
    );
    desk.service
        .post(&path(1), &desk.officer(), paid("2026-09-20"))
        .await?
        .expect(200)?;
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(
        (text(&view, "state"), &view["remaining"]),
        ("performed", &json!(0))
    );
    let events = desk.service.published::<PerformanceFulfilled>().await?;
    let told: Vec<_> = events
        .iter()
        .map(|event| (event.remaining, event.on_time))
        .collect();
    assert_eq!(told, [(1, false), (0, true)]);
    desk.service
        .post(&path(1), &desk.officer(), paid("2026-09-20"))
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_without_proof_is_no_performance() -> Result<()> {
    let desk = support::start().await?;
    let (_, _, obligations) = desk.effective().await?;
    let path = format!("/obligations/{}/fulfil", text(&obligations[0], "id"));
    desk.all_refused(
        &path,
        vec![
            (
                json!({ "fulfilled_on": support::TODAY, "proof": " " }),
                422,
                "proof-required",
                json!("/proof"),
            ),
            (
                json!({ "fulfilled_on": support::TODAY, "proof": "证".repeat(1001) }),
                422,
                "text-too-long",
                json!("/proof"),
            ),
            (
                json!({ "fulfilled_on": support::TODAY }),
                422,
                "invalid-body",
                json!("/proof"),
            ),
            (
                paid("2026-09-02"),
                422,
                "invalid-date",
                json!("/fulfilled_on"),
            ),
            (
                paid("2026-13-01"),
                422,
                "invalid-body",
                json!("/fulfilled_on"),
            ),
        ],
    )
    .await?;
    let full = format!("/mediation/v1{path}");
    for token in desk.strangers() {
        desk.service
            .post(&full, &token, paid(support::TODAY))
            .await?
            .expect_problem(404, "not-found")?;
    }
    let unknown = format!("/obligations/{}/fulfil", id::<ObligationId>());
    desk.post(&unknown, paid(support::TODAY))
        .await?
        .expect_problem(404, "not-found")?;
    let stale = desk
        .service
        .post_with(
            &full,
            &desk.officer(),
            paid(support::TODAY),
            &[("If-Match", "\"2\"")],
        )
        .await?;
    stale.expect_problem(412, "stale-version")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn both_instalments_at_the_same_time_are_both_counted() -> Result<()> {
    let desk = support::start().await?;
    let (_, agreement, obligations) = desk.effective().await?;
    let pay = async |i: usize| {
        let path = format!("/obligations/{}/fulfil", text(&obligations[i], "id"));
        desk.post(&path, paid(support::TODAY)).await?.expect(200)
    };
    let (first, second) = tokio::join!(pay(0), pay(1));
    first.and(second)?;
    assert_eq!(
        desk.get(&format!("/agreements/{agreement}")).await?["state"],
        "performed"
    );
    let mut told: Vec<_> = desk
        .service
        .published::<PerformanceFulfilled>()
        .await?
        .iter()
        .map(|event| event.remaining)
        .collect();
    told.sort_unstable();
    assert_eq!(told, [0, 1]);
    Ok(())
}
