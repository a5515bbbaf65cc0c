//! The organisation that mediated suspects a sham (JC-09), and clears it.

use anyhow::Result;
use chrono::{DateTime, Duration, Utc};
use contracts::{
    Service,
    events::{
        judicial_confirmation::{ConfirmationResumed, ConfirmationSuspended},
        mediation::{AgreementEffective, ShamCleared, ShamSuspected},
    },
};
use serde_json::json;

use crate::support::{self, APPLICATIONS, Applied, Confirming, clock_states};

fn suspected(agreement: &AgreementEffective, at: DateTime<Utc>) -> ShamSuspected {
    ShamSuspected {
        proceeding_id: agreement.proceeding_id,
        case_id: agreement.case_id,
        region: agreement.region,
        agreement_id: Some(agreement.agreement_id),
        ground: "invented_facts".to_owned(),
        suspected_at: at,
    }
}

fn cleared(agreement: &AgreementEffective, at: DateTime<Utc>) -> ShamCleared {
    ShamCleared {
        proceeding_id: agreement.proceeding_id,
        case_id: agreement.case_id,
        region: agreement.region,
        agreement_id: Some(agreement.agreement_id),
        cleared_at: at,
    }
}

async fn suspect(service: &Confirming, of: &AgreementEffective, at: DateTime<Utc>) -> Result<()> {
    let event = suspected(of, at);
    service
        .publish(Service::Mediation, of.case_id, &event)
        .await?;
    service.settle().await
}

async fn clear(service: &Confirming, of: &AgreementEffective, at: DateTime<Utc>) -> Result<()> {
    let event = cleared(of, at);
    service
        .publish(Service::Mediation, of.case_id, &event)
        .await?;
    service.settle().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_under_way_waits_and_goes_on() -> Result<()> {
    let applied = support::accepted().await?;
    let Applied {
        service, agreement, ..
    } = &applied;
    let now = service.time.now();
    suspect(service, agreement, now).await?;
    let view = applied.view().await?;
    assert_eq!(view["course"]["suspension"]["reason"], "sham_mediation");
    assert_eq!(view["course"]["suspension"]["by_court"], false);
    for kind in ["court.confirm", "court.confirm.target"] {
        assert_eq!(clock_states(service, kind).await?, ["paused"], "{kind}");
    }
    let heard = json!({ "held_on": "2026-09-01", "way": "online", "present": agreement.party_ids });
    let answer = applied.as_court("question", heard.clone()).await?;
    answer.expect_problem(409, "application-suspended")?;
    // Told again, and told late what was before: nothing happens.
    suspect(service, agreement, now).await?;
    clear(service, agreement, now - Duration::hours(1)).await?;
    assert!(service.published::<ConfirmationResumed>().await?.is_empty());
    assert_eq!(service.published::<ConfirmationSuspended>().await?.len(), 1);

    // Ten days later the 30 days of the court end ten days later: on a Sunday, so the day after.
    service.time.set("2026-09-11T02:00:00Z".parse()?);
    clear(service, agreement, service.time.now()).await?;
    let view = applied.view().await?;
    assert!(view["course"]["suspension"].is_null());
    assert_eq!(view["due_at"], "2026-10-12T16:00:00Z");
    for kind in ["court.confirm", "court.confirm.target"] {
        assert_eq!(clock_states(service, kind).await?, ["running"], "{kind}");
    }
    applied.as_court("question", heard).await?.expect(200)?;

    // The court suspends it by itself: the organisation's telling does not end that.
    let suspend = json!({ "reason": "sham_mediation" });
    applied.as_court("suspend", suspend).await?.expect(200)?;
    suspect(service, agreement, service.time.now()).await?;
    service.time.advance(Duration::hours(1));
    clear(service, agreement, service.time.now()).await?;
    let view = applied.view().await?;
    assert_eq!(view["course"]["suspension"]["by_court"], true);
    assert_eq!(clock_states(service, "court.confirm").await?, ["paused"]);
    applied.as_court("resume", json!({})).await?.expect(200)?;
    assert_eq!(clock_states(service, "court.confirm").await?, ["running"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspicion_known_before_keeps_an_application_out_and_the_window_waits() -> Result<()> {
    let service = Confirming::start().await?;
    let agreement = support::effective(service.time.now());
    // Told before the agreement is known.
    suspect(&service, &agreement, service.time.now()).await?;
    support::publish(&service, &agreement).await?;
    let token = support::mediator(&service, &agreement);
    let body = support::body(&agreement);
    let answer = service.post(APPLICATIONS, &token, body.clone()).await?;
    answer.expect_problem(409, "agreement-suspected")?;
    let order = json!({ "agreement_id": agreement.agreement_id, "kind": "payment_order", "body": support::COURT,
        "party_ids": [agreement.party_ids[0]] });
    let effects = "/judicial-confirmation/v1/effect-applications";
    let answer = service.post(effects, &token, order).await?;
    answer.expect_problem(409, "agreement-suspected")?;
    let path = format!(
        "/judicial-confirmation/v1/agreements/{}",
        agreement.agreement_id
    );
    let view = service.get(&path, &token).await?.expect(200)?;
    assert_eq!(
        (&view["open"], &view["suspected"]),
        (&json!(false), &json!(true))
    );
    service.time.advance(Duration::hours(1));
    clear(&service, &agreement, service.time.now()).await?;
    let view = service.get(&path, &token).await?.expect(200)?;
    assert_eq!(
        (&view["open"], &view["suspected"]),
        (&json!(true), &json!(false))
    );

    // One party has applied; the other cannot join while the window stands still, and can afterwards.
    let applied = support::apply(service, agreement).await?;
    let (service, agreement) = (&applied.service, &applied.agreement);
    suspect(service, agreement, service.time.now()).await?;
    assert_eq!(
        clock_states(service, "confirmation.apply").await?,
        ["paused"]
    );
    let join = json!({ "party_id": agreement.party_ids[1] });
    let answer = applied.as_mediator("join", join.clone()).await?;
    answer.expect_problem(409, "application-suspended")?;
    service.time.set("2026-10-20T02:00:00Z".parse()?);
    clear(service, agreement, service.time.now()).await?;
    let view = service.get(&path, &token).await?.expect(200)?;
    // 1 October and the 49 days of the suspicion.
    assert_eq!(view["last_day"], "2026-11-19");
    let view = applied.as_mediator("join", join).await?.expect(200)?;
    assert_eq!(
        (&view["state"], &view["last_day"]),
        (&json!("joint_submitted"), &json!("2026-11-19"))
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_of_an_application_that_the_court_suspended_waits_too() -> Result<()> {
    let service = Confirming::start().await?;
    let agreement = support::effective(service.time.now());
    support::publish(&service, &agreement).await?;
    let applied = support::apply(service, agreement).await?;
    let (service, agreement) = (&applied.service, &applied.agreement);
    let reason = json!({ "reason": "sham_mediation" });
    applied.as_court("suspend", reason).await?.expect(200)?;
    suspect(service, agreement, service.time.now()).await?;
    service.time.set("2026-10-20T02:00:00Z".parse()?);
    clear(service, agreement, service.time.now()).await?;
    applied.as_court("resume", json!({})).await?.expect(200)?;
    let join = json!({ "party_id": agreement.party_ids[1] });
    let view = applied.as_mediator("join", join).await?.expect(200)?;
    assert_eq!(
        (&view["state"], &view["last_day"]),
        (&json!("joint_submitted"), &json!("2026-11-19"))
    );
    Ok(())
}

const EFFECTS: &str = "/judicial-confirmation/v1/effect-applications";

#[tokio::test(flavor = "multi_thread")]
async fn an_application_for_another_way_waits_and_its_time_stands_still() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let token = support::mediator(&service, &agreement);
    let body = json!({ "agreement_id": agreement.agreement_id, "kind": "payment_order", "body": support::COURT,
        "party_ids": [agreement.party_ids[0]] });
    let view = service.post(EFFECTS, &token, body).await?.expect(201)?;
    let path = format!("{EFFECTS}/{}", view["id"].as_str().unwrap());
    let court = service.role_in("court_user", support::court());
    let act = async |act: &str, body: serde_json::Value| {
        service.post(&format!("{path}/{act}"), &court, body).await
    };
    act("accept", json!({})).await?.expect(200)?;
    let issued =
        json!({ "outcome": "issued", "number": "(2026)甘0602民督1号", "decided_on": "2026-09-01" });

    suspect(&service, &agreement, service.time.now()).await?;
    let clock = "effect.payment_order.issue";
    assert_eq!(clock_states(&service, clock).await?, ["paused"]);
    let view = service.get(&path, &token).await?.expect(200)?;
    assert!(view["suspended_at"].is_string(), "{view}");
    let answer = act("decide", issued.clone()).await?;
    answer.expect_problem(409, "application-suspended")?;
    service.time.set("2026-09-11T02:00:00Z".parse()?);
    clear(&service, &agreement, service.time.now()).await?;
    assert_eq!(clock_states(&service, clock).await?, ["running"]);
    let view = service.get(&path, &token).await?.expect(200)?;
    assert!(view["suspended_at"].is_null(), "{view}");
    // Fifteen days from the 1st, and ten of the suspicion: a Saturday, and the Monday after it.
    assert_eq!(view["due_at"], "2026-09-28T16:00:00Z");

    // While it is suspected an order that was issued does not come into force either.
    act("decide", issued).await?.expect(200)?;
    let objection = "effect.payment_order.objection";
    suspect(&service, &agreement, service.time.now()).await?;
    assert_eq!(clock_states(&service, objection).await?, ["paused"]);
    service.time.set("2026-11-11T02:00:00Z".parse()?);
    service.settle().await?;
    let view = service.get(&path, &token).await?.expect(200)?;
    assert_eq!(view["outcome"]["code"], "issued");
    clear(&service, &agreement, service.time.now()).await?;
    assert_eq!(clock_states(&service, objection).await?, ["running"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_of_another_way_waits_for_the_suspicion() -> Result<()> {
    let service = Confirming::start().await?;
    let mut agreement = support::effective(service.time.now());
    agreement.type_code = "labour".to_owned();
    support::publish(&service, &agreement).await?;
    let window = "effect.labour_review.apply";
    assert_eq!(clock_states(&service, window).await?, ["running"]);
    suspect(&service, &agreement, service.time.now()).await?;
    assert_eq!(clock_states(&service, window).await?, ["paused"]);
    // The 15 days would have been over on 16 September; 28 of the suspicion come to them.
    service.time.set("2026-09-29T02:00:00Z".parse()?);
    clear(&service, &agreement, service.time.now()).await?;
    assert_eq!(clock_states(&service, window).await?, ["running"]);
    service.time.set("2026-10-10T02:00:00Z".parse()?);
    let token = support::mediator(&service, &agreement);
    let body = json!({ "agreement_id": agreement.agreement_id, "kind": "labour_review", "body": support::COURT,
        "party_ids": agreement.party_ids });
    let view = service.post(EFFECTS, &token, body).await?.expect(201)?;
    assert_eq!(view["state"], "submitted");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_opens_again_while_a_sham_is_suspected_waits() -> Result<()> {
    let service = Confirming::start().await?;
    let agreement = support::effective(service.time.now());
    support::publish(&service, &agreement).await?;
    let applied = support::apply(service, agreement).await?;
    let (service, agreement) = (&applied.service, &applied.agreement);
    let join = json!({ "party_id": agreement.party_ids[1] });
    applied.as_mediator("join", join).await?.expect(200)?;
    suspect(service, agreement, service.time.now()).await?;
    // Withdrawn while it is suspected: the window is open again, and stands still.
    applied
        .as_mediator("withdraw", json!({}))
        .await?
        .expect(200)?;
    assert_eq!(
        clock_states(service, "confirmation.apply").await?,
        ["paused"]
    );
    service.time.set("2026-10-20T02:00:00Z".parse()?);
    clear(service, agreement, service.time.now()).await?;
    let path = format!(
        "/judicial-confirmation/v1/agreements/{}",
        agreement.agreement_id
    );
    let token = support::mediator(service, agreement);
    let view = service.get(&path, &token).await?.expect(200)?;
    assert_eq!(
        (&view["open"], &view["last_day"]),
        // 8 October, the last day it had when it opened again, and the 49 days.
        (&json!(true), &json!("2026-11-26"))
    );
    Ok(())
}
