//! The ruling is served; who objects, and what the court decides (民诉法解释 372).

use anyhow::Result;
use chrono::{DateTime, Utc};
use contracts::events::judicial_confirmation::{
    ConfirmationObjected, ConfirmationObjectionDecided, ConfirmationServed,
};
use serde_json::json;

use crate::support::{self, clock_states};

fn decided(outcome: &str) -> serde_json::Value {
    json!({ "outcome": outcome, "ruling_number": "(2026)甘0602民特监1号", "decided_on": "2026-09-16" })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_objects_within_fifteen_days_of_its_receipt() -> Result<()> {
    let applied = support::confirmed().await?;
    let (service, parties) = (&applied.service, &applied.agreement.party_ids);
    support::accounts(service, &applied.agreement, &[("party", parties[1])]).await?;
    let party = support::account(service, "party")?;
    let object = format!("{}/object", applied.path);
    let grounds = json!({ "grounds": "协议内容与事实不符" });
    let answer = service.post(&object, &party, grounds.clone()).await?;
    answer.expect_problem(409, "ruling-not-served")?;

    let early = json!({ "party_id": parties[1], "received_on": "2026-08-31" });
    applied
        .as_court("serve", early)
        .await?
        .expect_problem(422, "invalid-date")?;
    let received = json!({ "party_id": parties[1], "received_on": "2026-09-01" });
    let view = applied
        .as_court("serve", received.clone())
        .await?
        .expect(200)?;
    assert_eq!(view["course"]["served"][0]["last_day"], "2026-09-16");
    let again = applied.as_court("serve", received).await?;
    again.expect_problem(409, "conflict")?;
    assert_eq!(service.published::<ConfirmationServed>().await?.len(), 1);
    assert_eq!(
        clock_states(service, "confirmation.objection").await?,
        ["running"]
    );

    service
        .time
        .set("2026-09-16T15:59:59Z".parse::<DateTime<Utc>>()?);
    let view = service
        .post(&object, &party, grounds.clone())
        .await?
        .expect(200)?;
    assert_eq!(view["state"], "objection");
    assert_eq!(service.published::<ConfirmationObjected>().await?.len(), 1);
    let view = applied
        .as_court("decide-objection", decided("maintained"))
        .await?
        .expect(200)?;
    assert_eq!(view["state"], "confirmed");

    service
        .time
        .set("2026-09-16T16:00:00Z".parse::<DateTime<Utc>>()?);
    let answer = service.post(&object, &party, grounds).await?;
    let problem = answer.expect_problem(422, "objection-late")?;
    assert!(
        problem["detail_zh"]
            .as_str()
            .unwrap()
            .contains("2026-09-16")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_party_objects_within_six_months_and_the_court_decides() -> Result<()> {
    let applied = support::confirmed().await?;
    let service = &applied.service;
    let body = |knew: &str| json!({ "third_party_knew_on": knew, "grounds": "侵害第三人抵押权" });
    let late = applied.as_court("object", body("2026-02-20")).await?;
    late.expect_problem(422, "objection-late")?;
    let mediator = applied.as_mediator("object", body("2026-09-01")).await?;
    mediator.expect_problem(403, "forbidden")?;
    let view = applied
        .as_court("object", body("2026-09-01"))
        .await?
        .expect(200)?;
    assert_eq!(view["course"]["objections"][0]["objector"], "third_party");
    let early = json!({ "outcome": "changed", "ruling_number": "2号", "decided_on": "2026-08-31" });
    applied
        .as_court("decide-objection", early)
        .await?
        .expect_problem(422, "invalid-date")?;
    service
        .time
        .set("2026-09-16T02:00:00Z".parse::<DateTime<Utc>>()?);
    let view = applied
        .as_court("decide-objection", decided("changed"))
        .await?
        .expect(200)?;
    assert_eq!(view["ruling"]["ruling_number"], "(2026)甘0602民特监1号");
    assert_eq!(
        view["course"]["objections"][0]["replaced_number"],
        support::NUMBER
    );
    applied
        .as_court("object", body("2026-09-01"))
        .await?
        .expect(200)?;
    let view = applied
        .as_court("decide-objection", decided("revoked"))
        .await?
        .expect(200)?;
    assert_eq!(view["state"], "revoked");
    assert_eq!(view["options"].as_array().unwrap().len(), 3);
    assert_eq!(
        service
            .published::<ConfirmationObjectionDecided>()
            .await?
            .len(),
        2
    );
    assert_eq!(
        clock_states(service, "confirmation.tell_options").await?,
        ["running"]
    );
    Ok(())
}

/// Each has a time of its own: an objection of one is no reason that the others may not object.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_objects_in_the_own_time() -> Result<()> {
    let applied = support::confirmed().await?;
    let (service, parties) = (&applied.service, &applied.agreement.party_ids);
    let accounts = [("first", parties[0]), ("second", parties[1])];
    support::accounts(service, &applied.agreement, &accounts).await?;
    let object = format!("{}/object", applied.path);
    let grounds = json!({ "grounds": "协议内容与事实不符" });
    let serve = async |party| {
        let received = json!({ "party_id": party, "received_on": "2026-09-01" });
        applied.as_court("serve", received).await
    };
    serve(parties[0]).await?.expect(200)?;
    let by = async |name: &str| {
        let token = support::account(service, name)?;
        service.post(&object, &token, grounds.clone()).await
    };
    by("first").await?.expect(200)?;
    let twice = by("first").await?;
    twice.expect_problem(409, "transition-not-allowed")?;
    // The other one receives the ruling while the first objection is open, and objects as well; so does a third party.
    serve(parties[1]).await?.expect(200)?;
    by("second").await?.expect(200)?;
    let third = json!({ "third_party_knew_on": "2026-08-30", "grounds": "侵害第三人抵押权" });
    applied.as_court("object", third).await?.expect(200)?;

    let decide = async |outcome: &str| {
        let mut body = decided(outcome);
        body["decided_on"] = json!("2026-09-01");
        let answer = applied.as_court("decide-objection", body).await?;
        answer.expect(200)
    };
    assert_eq!(decide("maintained").await?["state"], "objection");
    let view = decide("changed").await?;
    assert_eq!(view["state"], "objection");
    let outcomes = |view: &serde_json::Value| {
        let all = view["course"]["objections"].as_array().unwrap().clone();
        all.into_iter()
            .map(|o| o["outcome"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        outcomes(&view),
        [json!("maintained"), json!("changed"), json!(null)]
    );
    // What takes the place of the ruling is served anew.
    assert_eq!(view["course"]["served"], json!([]));
    serve(parties[0]).await?.expect(200)?;
    by("first").await?.expect(200)?;
    let view = decide("revoked").await?;
    assert_eq!(view["state"], "revoked");
    assert_eq!(outcomes(&view)[2..], [json!("revoked"), json!("revoked")]);
    Ok(())
}
