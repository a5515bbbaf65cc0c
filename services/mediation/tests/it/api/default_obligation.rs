//! `POST /obligations/{id}/default`.

use anyhow::Result;
use contracts::events::mediation::{PerformanceDefaulted, PerformanceFulfilled};
use serde_json::json;

use crate::support::{self, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_default_stays_with_the_agreement_until_it_is_paid_late() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, obligations) = desk.effective().await?;
    let path = |i: usize, act: &str| format!("/obligations/{}/{act}", text(&obligations[i], "id"));
    let body = json!({ "reason": "明确表示不再支付" });
    let applicant = desk.account(case.applicant);
    let answer = desk
        .service
        .post(
            &format!("/mediation/v1{}", path(0, "default")),
            &applicant,
            body.clone(),
        )
        .await?;
    assert_eq!(answer.version(), Some(2));
    assert_eq!(answer.expect(200)?["state"], "defaulted");
    assert_eq!(
        desk.get(&format!("/agreements/{agreement}")).await?["state"],
        "defaulted"
    );
    assert_eq!(
        desk.service
            .published::<PerformanceDefaulted>()
            .await?
            .len(),
        1
    );
    let paid = json!({ "fulfilled_on": support::TODAY, "proof": "收据" });
    desk.post(&path(1, "fulfil"), paid.clone())
        .await?
        .expect(200)?;
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(
        (text(&view, "state"), &view["remaining"]),
        ("defaulted", &json!(1))
    );
    // One is still missing: no listener may take the agreement for performed.
    assert_eq!(
        desk.service.published::<PerformanceFulfilled>().await?[0].remaining,
        1
    );
    let refused = |body| vec![(body, 409, "transition-not-allowed", json!(null))];
    desk.all_refused(&path(0, "default"), refused(body)).await?;
    // Paid late all the same.
    let late = desk.post(&path(0, "fulfil"), paid.clone()).await?;
    let late = late.expect(200)?;
    assert_eq!(
        (text(&late, "state"), text(&late, "default_reason")),
        ("fulfilled", "明确表示不再支付")
    );
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(
        (text(&view, "state"), &view["remaining"]),
        ("performed", &json!(0))
    );
    assert_eq!(
        desk.service.published::<PerformanceFulfilled>().await?[1].remaining,
        0
    );
    desk.all_refused(&path(0, "fulfil"), refused(paid)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_a_reason_and_somebody_concerned() -> Result<()> {
    let desk = support::start().await?;
    let (_, _, obligations) = desk.effective().await?;
    let path = format!("/obligations/{}/default", text(&obligations[0], "id"));
    desk.all_refused(
        &path,
        vec![
            (
                json!({ "reason": "" }),
                422,
                "text-required",
                json!("/reason"),
            ),
            (json!({}), 422, "invalid-body", json!("/reason")),
        ],
    )
    .await?;
    for token in desk.strangers() {
        let answer = desk
            .service
            .post(
                &format!("/mediation/v1{path}"),
                &token,
                json!({ "reason": "逾期" }),
            )
            .await?;
        answer.expect_problem(404, "not-found")?;
    }
    Ok(())
}
