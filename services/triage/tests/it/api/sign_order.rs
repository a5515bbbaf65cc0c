//! `POST /orders/{order_id}/sign`.

use anyhow::Result;
use contracts::{
    events::triage::DispatchSigned,
    ids::{DispatchOrderId, TypedId as _},
};
use serde_json::json;

use crate::support::{self, COUNTY, OTHER_COUNTY};

fn path(order_id: &str) -> String {
    format!("/triage/v1/orders/{order_id}/sign")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receiving_organisation_signs() -> Result<()> {
    let service = support::start().await?;
    let (case_id, order_id, organisation) = support::order(&service).await?;
    let officer = service.role_in("organisation_officer", organisation);
    let answer = service.post(&path(&order_id), &officer, json!({})).await?;
    assert_eq!(answer.version(), Some(2));
    let order = answer.expect(200)?;
    assert_eq!(order["state"], "signed");
    assert_eq!(order["signed_by"], "test-organisation_officer");
    assert_eq!(order["signed_at"], "2026-09-01T02:00:00Z");

    let view = support::view(&service, case_id).await?;
    assert_eq!(view["state"], "signed");
    assert_eq!(view["version"], 4);
    let events = service.published::<DispatchSigned>().await?;
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(event.case_id, case_id);
    assert_eq!(event.organisation_id, organisation);
    assert_eq!(json!(event.due_at), order["due_at"]);
    assert_eq!(
        support::clock_states(&service, "dispatch.sign").await?,
        ["stopped"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn for_everyone_else_the_order_does_not_exist() -> Result<()> {
    let service = support::start().await?;
    let (_, order_id, organisation) = support::order(&service).await?;
    let other = support::organisation(&service, COUNTY).await?;
    let stranger = service.role_in("organisation_officer", other);
    let elsewhere = service
        .token()
        .roles(["organisation_officer"])
        .region(OTHER_COUNTY)
        .organisation(organisation.uuid())
        .sign()?;
    for token in [stranger, elsewhere] {
        let answer = service.post(&path(&order_id), &token, json!({})).await?;
        answer.expect_problem(404, "not-found")?;
    }
    // A role that is bound to an organisation needs one, and nobody else may sign.
    for role in ["organisation_officer", "triage_officer", "mediator"] {
        let token = service.role(role);
        let answer = service.post(&path(&order_id), &token, json!({})).await?;
        answer.expect_problem(403, "forbidden")?;
    }
    assert!(service.published::<DispatchSigned>().await?.is_empty());
    assert_eq!(
        support::clock_states(&service, "dispatch.sign").await?,
        ["running"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_township_signs_for_a_case_of_its_county() -> Result<()> {
    let service = support::start().await?;
    let organisation = support::organisation(&service, "620602100").await?;
    let (_, order_id) = support::order_to(&service, organisation).await?;
    let officer = service
        .token()
        .roles(["organisation_officer"])
        .region("620602100")
        .organisation(organisation.uuid())
        .sign()?;
    let answer = service.post(&path(&order_id), &officer, json!({})).await?;
    answer.expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_signed_once() -> Result<()> {
    let service = support::start().await?;
    let (_, order_id, organisation) = support::order(&service).await?;
    let officer = service.role_in("organisation_officer", organisation);
    let post = async |headers: &[(&str, &str)]| {
        service
            .post_with(&path(&order_id), &officer, json!({}), headers)
            .await
    };
    let answer = post(&[("If-Match", "\"9\"")]).await?;
    answer.expect_problem(412, "stale-version")?;
    let key = [("If-Match", "\"1\""), ("Idempotency-Key", "sign-1")];
    let first = post(&key).await?.expect(200)?;
    let second = post(&key).await?;
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(second.expect(200)?, first);
    let again = post(&[]).await?;
    again.expect_problem(409, "transition-not-allowed")?;
    assert_eq!(service.published::<DispatchSigned>().await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_or_an_id_of_another_form_is_refused() -> Result<()> {
    let service = support::start().await?;
    let (_, order_id, organisation) = support::order(&service).await?;
    let officer = service.role_in("organisation_officer", organisation);
    let answer = service
        .post(&path(&order_id), &officer, json!({"signed": true}))
        .await?;
    answer.expect_problem(422, "invalid-body")?;
    let answer = service.post(&path("7"), &officer, json!({})).await?;
    answer.expect_problem(422, "invalid-id")?;
    let unknown = path(&support::id::<DispatchOrderId>().to_string());
    let answer = service.post(&unknown, &officer, json!({})).await?;
    answer.expect_problem(404, "not-found")?;
    Ok(())
}
