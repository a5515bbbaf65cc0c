//! The court's acts: `POST /applications/{id}/receive|accept|refuse|rule`.

use anyhow::Result;
use contracts::{
    events::judicial_confirmation::{
        ConfirmationAccepted, ConfirmationCourtReceived, ConfirmationRefused, ConfirmationRuled,
        RulingOutcome,
    },
    ids::OrganisationId,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{self, APPLICATIONS, NUMBER, clock_states, ruling};

#[tokio::test(flavor = "multi_thread")]
async fn a_joint_application_is_received_accepted_and_ruled_valid() -> Result<()> {
    let applied = support::joint().await?;
    let service = &applied.service;

    let view = applied.as_court("receive", json!({})).await?.expect(200)?;
    assert_eq!(view["state"], "court_received");
    assert_eq!(
        service
            .published::<ConfirmationCourtReceived>()
            .await?
            .len(),
        1
    );
    assert_eq!(clock_states(service, "court.accept").await?, ["running"]);

    let view = applied.as_court("accept", json!({})).await?.expect(200)?;
    assert_eq!(view["state"], "court_accepted");
    assert_eq!(service.published::<ConfirmationAccepted>().await?.len(), 1);
    assert_eq!(clock_states(service, "court.accept").await?, ["stopped"]);
    assert_eq!(clock_states(service, "court.confirm").await?, ["running"]);

    let heard = json!({ "held_on": "2026-09-01", "way": "on_site", "present": applied.agreement.party_ids });
    let view = applied.as_court("question", heard).await?.expect(200)?;
    assert_eq!(view["state"], "reviewing");

    let view = applied
        .as_court("rule", ruling("valid", None))
        .await?
        .expect(200)?;
    assert_eq!(view["state"], "confirmed");
    assert_eq!(view["ruling"]["enforceable"], true);
    assert_eq!(view["options"], json!([]));
    insta::assert_json_snapshot!(view["ruling"]);
    assert_eq!(clock_states(service, "court.confirm").await?, ["stopped"]);
    let events = service.published::<ConfirmationRuled>().await?;
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(event.outcome, RulingOutcome::Valid);
    assert_eq!(event.ruling_number, NUMBER);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dismissal_tells_what_the_parties_can_do() -> Result<()> {
    let applied = support::accepted().await?;
    let dismissal = ruling("dismissed", Some("unclear_content"));
    let view = applied.as_court("rule", dismissal).await?.expect(200)?;
    assert_eq!(view["state"], "dismissed");
    assert_eq!(view["reason"]["zh"], "内容不明确");
    assert_eq!(view["ruling"]["enforceable"], false);
    let options: Vec<_> = view["options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| &o["code"])
        .collect();
    assert_eq!(options, ["amend", "new_mediation", "sue"]);

    // A dismissed agreement is not applied for again.
    let token = support::mediator(&applied.service, &applied.agreement);
    let again = support::body(&applied.agreement);
    let answer = applied.service.post(APPLICATIONS, &token, again).await?;
    answer.expect_problem(409, "already-applied")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_application_may_be_made_again_elsewhere() -> Result<()> {
    let applied = support::joint().await?;
    let service = &applied.service;
    applied.as_court("receive", json!({})).await?.expect(200)?;
    for reason in ["unheard_of", "unclear_content"] {
        let answer = applied
            .as_court("refuse", json!({ "reason": reason }))
            .await?;
        let problem = answer.expect_problem(422, "unknown-court-reason")?;
        assert_eq!(problem["pointer"], "/reason");
    }
    assert_eq!(applied.view().await?["state"], "court_received");
    let answer = applied
        .as_court("refuse", json!({ "reason": "wrong_court" }))
        .await?;
    let view = answer.expect(200)?;
    assert_eq!(view["state"], "court_refused");
    assert_eq!(view["reason"]["code"], "wrong_court");
    assert!(!view["options"].as_array().unwrap().is_empty());
    assert_eq!(service.published::<ConfirmationRefused>().await?.len(), 1);
    assert_eq!(clock_states(service, "court.accept").await?, ["stopped"]);
    assert_eq!(
        clock_states(service, "confirmation.apply").await?,
        ["running"]
    );

    let token = support::mediator(service, &applied.agreement);
    let again = support::body(&applied.agreement);
    service
        .post(APPLICATIONS, &token, again)
        .await?
        .expect(201)?;
    Ok(())
}

#[rstest]
#[case::no_reason(ruling("dismissed", None), "unknown-court-reason", "/reason")]
#[case::reason_of_refusing(ruling("dismissed", Some("late")), "unknown-court-reason", "/reason")]
#[case::reason_with_valid(ruling("valid", Some("other")), "unknown-court-reason", "/reason")]
#[case::outcome(ruling("maybe", None), "invalid-body", "/outcome")]
#[case::tomorrow(json!({ "outcome": "valid", "ruling_number": NUMBER, "ruled_on": "2026-09-02" }), "invalid-date", "/ruled_on")]
#[case::yesterday(json!({ "outcome": "valid", "ruling_number": NUMBER, "ruled_on": "2026-08-31" }), "invalid-date", "/ruled_on")]
#[case::no_day(json!({ "outcome": "valid", "ruling_number": NUMBER, "ruled_on": "2026-02-30" }), "invalid-body", "/ruled_on")]
#[case::no_number(json!({ "outcome": "valid", "ruling_number": " ", "ruled_on": "2026-09-01" }), "text-required", "/ruling_number")]
#[case::long_number(json!({ "outcome": "valid", "ruling_number": "号".repeat(61), "ruled_on": "2026-09-01" }), "text-too-long", "/ruling_number")]
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_ruling_is_refused(
    #[case] body: Value,
    #[case] code: &str,
    #[case] pointer: &str,
) -> Result<()> {
    let applied = support::heard().await?;
    let problem = applied
        .as_court("rule", body)
        .await?
        .expect_problem(422, code)?;
    assert_eq!(problem["pointer"], pointer);
    assert_eq!(applied.view().await?["state"], "reviewing");
    assert!(
        applied
            .service
            .published::<ConfirmationRuled>()
            .await?
            .is_empty()
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_court_acts_in_order() -> Result<()> {
    let applied = support::applied().await?;
    let acts = [
        ("receive", json!({})),
        ("accept", json!({})),
        ("refuse", json!({ "reason": "other" })),
        ("rule", ruling("valid", None)),
    ];
    for (act, body) in &acts {
        let answer = applied.as_court(act, body.clone()).await?;
        answer.expect_problem(409, "transition-not-allowed")?;
    }
    applied.join().await?;
    for (act, body) in &acts[1..] {
        let answer = applied.as_court(act, body.clone()).await?;
        answer.expect_problem(409, "transition-not-allowed")?;
    }
    assert_eq!(applied.view().await?["version"], 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_court_asked_may_act() -> Result<()> {
    let applied = support::joint().await?;
    let service = &applied.service;
    let path = format!("{}/receive", applied.path);
    let other = service.role_in("court_user", support::id::<OrganisationId>());
    service
        .post(&path, &other, json!({}))
        .await?
        .expect_problem(404, "not-found")?;
    // The organisation that mediated sees the application, but is no court.
    let own = service.role_in("court_user", applied.agreement.organisation_id);
    service
        .post(&path, &own, json!({}))
        .await?
        .expect_problem(404, "not-found")?;
    let mediator = support::mediator(service, &applied.agreement);
    service
        .post(&path, &mediator, json!({}))
        .await?
        .expect_problem(403, "forbidden")?;
    assert_eq!(applied.view().await?["state"], "joint_submitted");
    Ok(())
}
