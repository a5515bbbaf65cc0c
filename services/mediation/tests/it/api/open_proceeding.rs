//! `POST /proceedings`.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    Service,
    events::{
        mediation::MediationOpened,
        triage::{DispatchReturnAsked, DispatchReturnRejected, DispatchReturned},
    },
    ids::DispatchOrderId,
};
use serde_json::json;

use crate::support::{self, COUNTY, id};

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_order_is_opened_once() -> Result<()> {
    let desk = support::start().await?;
    let case = desk.case().await?;
    let body = json!({ "order_id": case.order });
    let answer = desk.post("/proceedings", body.clone()).await?;
    assert_eq!(answer.version(), Some(1));
    let made = answer.expect(201)?;
    insta::assert_json_snapshot!(made, {
        ".id" => "[id]", ".case_id" => "[id]", ".order_id" => "[id]", ".organisation_id" => "[id]", ".parties[].party_id" => "[id]"
    });
    let events = desk.service.published::<MediationOpened>().await?;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (
            events[0].case_id,
            events[0].order_id,
            events[0].organisation_id
        ),
        (case.id, case.order, desk.organisation)
    );
    let before = desk.stored().await?;
    desk.post("/proceedings", body)
        .await?
        .expect_problem(409, "conflict")?;
    assert_eq!(desk.stored().await?, before);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_attempt_gets_the_first_answer() -> Result<()> {
    let desk = support::start().await?;
    let (case, other) = (desk.case().await?, desk.case().await?);
    let headers = [("Idempotency-Key", "open-1")];
    let post = async |order: DispatchOrderId| {
        let body = json!({ "order_id": order });
        desk.service
            .post_with("/mediation/v1/proceedings", &desk.officer(), body, &headers)
            .await
    };
    let first = post(case.order).await?.expect(201)?;
    let second = post(case.order).await?;
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(second.expect(201)?, first);
    post(other.order)
        .await?
        .expect_problem(422, "idempotency-key-reused")?;
    assert_eq!(desk.service.count("proceedings").await?, 1);
    assert_eq!(desk.service.published::<MediationOpened>().await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_not_the_callers_or_not_mediations_is_refused() -> Result<()> {
    let desk = support::start().await?;
    let case = desk.case().await?;
    let (accepted, mut signed) = support::facts(COUNTY, "neighbour", desk.organisation);
    signed.route = "litigation".to_owned();
    desk.service
        .publish(Service::Intake, accepted.case_id, &accepted)
        .await?;
    desk.service
        .publish(Service::Triage, signed.case_id, &signed)
        .await?;
    desk.service.settle().await?;
    desk.all_refused(
        "/proceedings",
        vec![
            (
                json!({ "order_id": id::<DispatchOrderId>() }),
                409,
                "unknown-order",
                json!("/order_id"),
            ),
            (
                json!({ "order_id": signed.order_id }),
                409,
                "route-not-mediated",
                json!("/order_id"),
            ),
            (
                json!({ "order_id": "x" }),
                422,
                "invalid-body",
                json!("/order_id"),
            ),
            (json!({}), 422, "invalid-body", json!("/order_id")),
        ],
    )
    .await?;
    let [other, elsewhere, applicant] = desk.strangers().try_into().unwrap();
    let body = json!({ "order_id": case.order });
    for (token, status, code) in [
        (other, 409, "unknown-order"),
        (elsewhere, 409, "unknown-order"),
        (applicant, 403, "forbidden"),
    ] {
        desk.service
            .post("/mediation/v1/proceedings", &token, body.clone())
            .await?
            .expect_problem(status, code)?;
    }
    assert_eq!(desk.service.count("proceedings").await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_goes_back_is_not_opened() -> Result<()> {
    let desk = support::start().await?;
    let case = desk.case().await?;
    let body = json!({ "order_id": case.order });
    let now = desk.service.time.now();
    let (organisation_id, region) = (desk.organisation, COUNTY.parse()?);
    let asked = DispatchReturnAsked {
        order_id: case.order,
        case_id: case.id,
        region,
        organisation_id,
        reason: "not_competent".to_owned(),
        decide_due_at: now,
        asked_at: now,
    };
    let rejected = DispatchReturnRejected {
        order_id: case.order,
        case_id: case.id,
        region,
        organisation_id,
        signed: true,
        rejected_at: now + Duration::minutes(1),
    };
    let returned = DispatchReturned {
        order_id: case.order,
        case_id: case.id,
        region,
        organisation_id,
        reason: "not_competent".to_owned(),
        designation_required: false,
        returned_at: now + Duration::minutes(2),
    };
    let triage = Service::Triage;
    desk.service.publish(triage, case.id, &asked).await?;
    desk.service.settle().await?;
    let answer = desk.post("/proceedings", body.clone()).await?;
    answer.expect_problem(409, "order-returned")?;
    // Told out of order, the last fact stands.
    desk.service.publish(triage, case.id, &returned).await?;
    desk.service.publish(triage, case.id, &rejected).await?;
    desk.service.settle().await?;
    let answer = desk.post("/proceedings", body).await?;
    answer.expect_problem(409, "order-returned")?;

    let other = desk.case().await?;
    let asked = DispatchReturnAsked {
        order_id: other.order,
        case_id: other.id,
        ..asked
    };
    let rejected = DispatchReturnRejected {
        order_id: other.order,
        case_id: other.id,
        ..rejected
    };
    desk.service.publish(triage, other.id, &asked).await?;
    desk.service.publish(triage, other.id, &rejected).await?;
    desk.service.settle().await?;
    let body = json!({ "order_id": other.order });
    desk.post("/proceedings", body).await?.expect(201)?;
    Ok(())
}
