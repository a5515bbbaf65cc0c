//! `POST /applications/{id}/join`.

use anyhow::Result;
use chrono::{DateTime, Utc};
use contracts::{
    events::judicial_confirmation::ConfirmationJointCompleted,
    ids::{ApplicationId, PartyId},
};
use serde_json::json;

use crate::support::{self, CLOSED, clock_states};

#[tokio::test(flavor = "multi_thread")]
async fn with_the_last_party_the_application_is_joint() -> Result<()> {
    let (service, agreement) = support::start_with(|a| a.party_ids.push(support::id())).await?;
    let applied = support::apply(service, agreement).await?;
    let service = &applied.service;

    let view = applied.join().await?;
    assert_eq!(view["state"], "await_other_party");
    assert_eq!(view["waiting_for"], json!([applied.agreement.party_ids[2]]));
    assert!(
        service
            .published::<ConfirmationJointCompleted>()
            .await?
            .is_empty()
    );
    assert_eq!(
        clock_states(service, "confirmation.apply").await?,
        ["running"]
    );

    let last = json!({ "party_id": applied.agreement.party_ids[2] });
    let view = applied.as_mediator("join", last).await?.expect(200)?;
    assert_eq!(view["state"], "joint_submitted");
    assert_eq!(view["waiting_for"], json!([]));
    assert_eq!(view["version"], 3);
    assert_eq!(
        service
            .published::<ConfirmationJointCompleted>()
            .await?
            .len(),
        1
    );
    assert_eq!(
        clock_states(service, "confirmation.apply").await?,
        ["stopped"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_joins_once_and_strangers_never() -> Result<()> {
    let applied = support::applied().await?;
    let again = json!({ "party_id": applied.agreement.party_ids[0] });
    applied
        .as_mediator("join", again)
        .await?
        .expect_problem(409, "already-applied")?;
    let stranger = json!({ "party_id": support::id::<PartyId>() });
    applied
        .as_mediator("join", stranger)
        .await?
        .expect_problem(422, "not-a-party")?;
    assert_eq!(applied.view().await?["version"], 1);

    applied.join().await?;
    let again = json!({ "party_id": applied.agreement.party_ids[1] });
    applied
        .as_mediator("join", again)
        .await?
        .expect_problem(409, "already-applied")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_partys_account_joins() -> Result<()> {
    let applied = support::applied().await?;
    let (service, parties) = (&applied.service, &applied.agreement.party_ids);
    support::accounts(service, &applied.agreement, &[("other", parties[1])]).await?;
    let path = format!("{}/join", applied.path);
    let stranger = support::account(service, "stranger")?;
    service
        .post(&path, &stranger, json!({}))
        .await?
        .expect_problem(404, "not-found")?;
    let other = support::account(service, "other")?;
    let view = service.post(&path, &other, json!({})).await?.expect(200)?;
    assert_eq!(view["state"], "joint_submitted");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_last_day_nobody_joins() -> Result<()> {
    let applied = support::applied().await?;
    applied.service.time.set(CLOSED.parse::<DateTime<Utc>>()?);
    let body = json!({ "party_id": applied.agreement.party_ids[1] });
    let answer = applied.as_mediator("join", body).await?;
    // The clock may have expired the application already.
    assert!(matches!(answer.status, 409 | 422), "{}", answer.body);
    assert_ne!(applied.view().await?["state"], "joint_submitted");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_version_is_refused() -> Result<()> {
    let applied = support::applied().await?;
    let token = support::mediator(&applied.service, &applied.agreement);
    let path = format!("{}/join", applied.path);
    let body = json!({ "party_id": applied.agreement.party_ids[1] });
    let stale = [("If-Match", "\"7\"")];
    let answer = applied
        .service
        .post_with(&path, &token, body.clone(), &stale)
        .await?;
    answer.expect_problem(412, "stale-version")?;
    assert_eq!(applied.view().await?["state"], "await_other_party");
    let seen = [("If-Match", "\"1\"")];
    let answer = applied
        .service
        .post_with(&path, &token, body, &seen)
        .await?;
    assert_eq!(answer.version(), Some(2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_application_is_not_found() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let token = support::mediator(&service, &agreement);
    let path = format!(
        "{}/{}/join",
        support::APPLICATIONS,
        support::id::<ApplicationId>()
    );
    let body = json!({ "party_id": agreement.party_ids[1] });
    service
        .post(&path, &token, body)
        .await?
        .expect_problem(404, "not-found")?;
    Ok(())
}
