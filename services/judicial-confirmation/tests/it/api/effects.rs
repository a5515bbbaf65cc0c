//! The other ways to give an agreement effect.

use anyhow::Result;
use chrono::{DateTime, Utc};
use contracts::{
    events::effect::{EffectApplied, EffectDecided},
    ids::OrganisationId,
};
use serde_json::{Value, json};
use testkit::service::eventually;

use crate::support::{self, APPLICATIONS, clock_states};

const EFFECTS: &str = "/judicial-confirmation/v1/effect-applications";

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_order_nobody_objects_to_comes_into_force() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let token = support::mediator(&service, &agreement);
    let body = json!({ "agreement_id": agreement.agreement_id, "kind": "payment_order", "body": support::COURT,
        "party_ids": [agreement.party_ids[0]] });
    let view = service
        .post(EFFECTS, &token, body.clone())
        .await?
        .expect(201)?;
    assert_eq!(view["state"], "submitted");
    assert_eq!(
        clock_states(&service, "effect.payment_order.accept").await?,
        ["running"]
    );
    service
        .post(EFFECTS, &token, body)
        .await?
        .expect_problem(409, "already-applied")?;
    let path = format!("{EFFECTS}/{}", view["id"].as_str().unwrap());

    let act = async |role: String, act: &str, body: Value| {
        service.post(&format!("{path}/{act}"), &role, body).await
    };
    let court = service.role_in("court_user", support::court());
    let other = service.role_in("court_user", support::id::<OrganisationId>());
    act(other, "accept", json!({}))
        .await?
        .expect_problem(404, "not-found")?;
    act(court.clone(), "accept", json!({})).await?.expect(200)?;
    assert_eq!(
        clock_states(&service, "effect.payment_order.accept").await?,
        ["stopped"]
    );
    assert_eq!(
        clock_states(&service, "effect.payment_order.issue").await?,
        ["running"]
    );
    let issued =
        json!({ "outcome": "issued", "number": "(2026)甘0602民督1号", "decided_on": "2026-09-01" });
    let unknown = json!({ "outcome": "award", "decided_on": "2026-09-01" });
    let answer = act(court.clone(), "decide", unknown).await?;
    assert_eq!(
        answer.expect_problem(422, "invalid-body")?["pointer"],
        "/outcome"
    );
    let view = act(court.clone(), "decide", issued).await?.expect(200)?;
    assert_eq!(view["enforceable"], false);

    service
        .time
        .set("2026-09-16T16:00:00Z".parse::<DateTime<Utc>>()?);
    eventually("the order comes into force", async || {
        Ok(service.published::<EffectDecided>().await?.len() == 2)
    })
    .await?;
    let view = service.get(&path, &token).await?.expect(200)?;
    assert_eq!(view["outcome"]["code"], "in_force");
    assert_eq!(view["enforceable"], true);
    assert_eq!(view["number"], "(2026)甘0602民督1号");
    let withdrawn = act(token, "withdraw", json!({})).await?;
    withdrawn.expect_problem(409, "transition-not-allowed")?;
    let page = service
        .get(
            &format!("{EFFECTS}?state=decided&kind=payment_order"),
            &court,
        )
        .await?
        .expect(200)?;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn parties_join_a_way_that_all_must_take_and_it_excludes_confirmation() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let parties = &agreement.party_ids;
    support::accounts(
        &service,
        &agreement,
        &[("one", parties[0]), ("two", parties[1])],
    )
    .await?;
    let (one, two) = (
        support::account(&service, "one")?,
        support::account(&service, "two")?,
    );
    let body = |kind: &str| json!({ "agreement_id": agreement.agreement_id, "kind": kind, "body": support::id::<OrganisationId>() });
    service
        .post(EFFECTS, &one, body("magic"))
        .await?
        .expect_problem(422, "invalid-body")?;
    service
        .post(EFFECTS, &one, body("labour_review"))
        .await?
        .expect_problem(422, "effect-route-not-open")?;
    let view = service
        .post(EFFECTS, &one, body("arbitration_confirmation"))
        .await?
        .expect(201)?;
    assert_eq!(view["state"], "await_other_party");
    assert!(service.published::<EffectApplied>().await?.is_empty());

    let token = support::mediator(&service, &agreement);
    let answer = service
        .post(APPLICATIONS, &token, support::body(&agreement))
        .await?;
    answer.expect_problem(409, "effect-route-taken")?;
    let path = format!("{EFFECTS}/{}", view["id"].as_str().unwrap());
    let again = service
        .post(&format!("{path}/join"), &one, json!({}))
        .await?;
    again.expect_problem(409, "already-applied")?;
    let view = service
        .post(&format!("{path}/join"), &two, json!({}))
        .await?
        .expect(200)?;
    assert_eq!(view["state"], "submitted");
    assert_eq!(service.published::<EffectApplied>().await?.len(), 1);
    service
        .post(&format!("{path}/withdraw"), &two, json!({}))
        .await?
        .expect(200)?;

    // Taken back, it no longer stands in the way; and a confirmation under way excludes it in turn.
    service
        .post(APPLICATIONS, &token, support::body(&agreement))
        .await?
        .expect(201)?;
    let answer = service
        .post(EFFECTS, &one, body("arbitration_confirmation"))
        .await?;
    answer.expect_problem(409, "effect-route-taken")?;
    Ok(())
}
