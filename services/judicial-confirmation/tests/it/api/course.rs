//! The course of an application: prepared, supplemented, heard, suspended, lengthened.

use anyhow::Result;
use chrono::{DateTime, Utc};
use contracts::events::{
    clock::ClockExtended,
    judicial_confirmation::{
        ConfirmationApplied, ConfirmationSupplementAsked, ConfirmationSupplemented,
        ConfirmationTreatedAsWithdrawn,
    },
};
use serde_json::json;
use testkit::service::eventually;

use crate::support::{self, APPLICATIONS, clock_states, ruling};

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_application_is_told_when_it_is_complete() -> Result<()> {
    let (service, agreement) = support::start().await?;
    let token = support::mediator(&service, &agreement);
    let mut body = support::body(&agreement);
    body["prepare"] = json!(true);
    body["materials"] = json!([]);
    let view = service
        .post(APPLICATIONS, &token, body)
        .await?
        .expect(201)?;
    assert_eq!(view["state"], "preparing");
    assert!(service.published::<ConfirmationApplied>().await?.is_empty());
    let path = format!("{APPLICATIONS}/{}", view["id"].as_str().unwrap());
    // The court does not see what is only prepared.
    let court = service.role_in("court_user", support::court());
    service
        .get(&path, &court)
        .await?
        .expect_problem(404, "not-found")?;

    let mut body = support::body(&agreement);
    body.as_object_mut().unwrap().remove("agreement_id");
    let mut incomplete = body.clone();
    incomplete["materials"] = json!(["agreement", "identity", "contact"]);
    let submit = format!("{path}/submit");
    let answer = service.post(&submit, &token, incomplete).await?;
    let problem = answer.expect_problem(422, "materials-missing")?;
    assert_eq!(problem["errors"][0]["code"], "organisation_proof");
    let view = service.post(&submit, &token, body).await?.expect(200)?;
    assert_eq!(view["state"], "await_other_party");
    assert_eq!(service.published::<ConfirmationApplied>().await?.len(), 1);
    service.get(&path, &court).await?.expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_court_asks_for_is_handed_in_or_the_application_lapses() -> Result<()> {
    let applied = support::joint().await?;
    let service = &applied.service;
    applied.as_court("receive", json!({})).await?.expect(200)?;
    let nothing = applied.as_court("ask-supplement", json!({})).await?;
    nothing.expect_problem(422, "invalid-body")?;
    let long = json!({ "materials": ["property_proof"], "days": 31 });
    let answer = applied.as_court("ask-supplement", long).await?;
    assert_eq!(
        answer.expect_problem(422, "invalid-body")?["pointer"],
        "/days"
    );

    let asked = json!({ "materials": ["property_proof", "service_address"], "statement": "请说明履行期限", "days": 5 });
    let view = applied
        .as_court("ask-supplement", asked)
        .await?
        .expect(200)?;
    assert_eq!(view["state"], "supplement");
    assert_eq!(view["course"]["supplements"][0]["last_day"], "2026-09-07");
    assert_eq!(clock_states(service, "court.accept").await?, ["stopped"]);
    assert_eq!(
        clock_states(service, "confirmation.supplement").await?,
        ["running"]
    );
    let acts = applied.as_court("accept", json!({})).await?;
    acts.expect_problem(409, "transition-not-allowed")?;

    let part = json!({ "materials": ["property_proof"] });
    let answer = applied.as_mediator("supply", part).await?;
    let problem = answer.expect_problem(422, "supplement-incomplete")?;
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["pointer"])
        .collect();
    assert_eq!(pointers, ["/materials", "/statement"]);
    let other = json!({ "materials": ["identity"] });
    let answer = applied.as_mediator("supply", other).await?;
    answer.expect_problem(422, "not-asked-for")?;
    let whole =
        json!({ "materials": ["property_proof", "service_address"], "statement": "年底前付清" });
    let view = applied.as_mediator("supply", whole).await?.expect(200)?;
    assert_eq!(view["state"], "court_received");
    assert_eq!(view["materials"].as_array().unwrap().len(), 6);
    assert_eq!(clock_states(service, "court.accept").await?, ["running"]);
    assert_eq!(
        service
            .published::<ConfirmationSupplementAsked>()
            .await?
            .len(),
        1
    );
    assert_eq!(
        service.published::<ConfirmationSupplemented>().await?.len(),
        1
    );

    // Asked again, and this time nobody answers: seven days from 2026-09-01.
    applied.as_court("accept", json!({})).await?.expect(200)?;
    let again = json!({ "materials": ["identity"] });
    applied
        .as_court("ask-supplement", again)
        .await?
        .expect(200)?;
    service
        .time
        .set("2026-09-08T16:00:00Z".parse::<DateTime<Utc>>()?);
    eventually("the time runs out", async || {
        Ok(!service
            .published::<ConfirmationTreatedAsWithdrawn>()
            .await?
            .is_empty())
    })
    .await?;
    let view = applied.view().await?;
    assert_eq!(view["state"], "court_withdrawn");
    assert_eq!(view["course"]["withdrawal_reason"], "no_supplement");
    assert_eq!(clock_states(service, "court.confirm").await?, ["stopped"]);
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

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_confirmed_before_all_parties_were_heard_or_while_it_is_suspended() -> Result<()>
{
    let applied = support::accepted().await?;
    let parties = &applied.agreement.party_ids;
    let held = |present: serde_json::Value, day: &str| json!({ "held_on": day, "way": "online", "present": present });
    for (body, status, code) in [
        (
            held(
                json!([support::id::<contracts::ids::PartyId>()]),
                "2026-09-01",
            ),
            422,
            "not-a-party",
        ),
        (held(json!(parties), "2026-09-02"), 422, "invalid-date"),
        (
            json!({ "held_on": "2026-09-01", "way": "letter", "present": parties }),
            422,
            "invalid-body",
        ),
    ] {
        let answer = applied.as_court("question", body).await?;
        answer.expect_problem(status, code)?;
    }
    let one = held(json!([parties[0]]), "2026-09-01");
    applied.as_court("question", one).await?.expect(200)?;
    let answer = applied.as_court("rule", ruling("valid", None)).await?;
    answer.expect_problem(422, "parties-not-present")?;

    let suspend = json!({ "reason": "sham_mediation" });
    let unknown = applied
        .as_court("suspend", json!({ "reason": "mood" }))
        .await?;
    unknown.expect_problem(422, "unknown-court-reason")?;
    applied.as_court("suspend", suspend).await?.expect(200)?;
    let both = held(json!(parties), "2026-09-01");
    let answer = applied.as_court("question", both.clone()).await?;
    answer.expect_problem(409, "application-suspended")?;
    applied.as_court("resume", json!({})).await?.expect(200)?;
    let again = applied.as_court("resume", json!({})).await?;
    again.expect_problem(409, "transition-not-allowed")?;
    applied.as_court("question", both).await?.expect(200)?;
    let view = applied
        .as_court("rule", ruling("valid", None))
        .await?
        .expect(200)?;
    assert_eq!(view["state"], "confirmed");
    assert_eq!(view["course"]["questionings"].as_array().unwrap().len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_president_lengthens_the_time_once() -> Result<()> {
    let applied = support::accepted().await?;
    let before = applied.view().await?["due_at"].clone();
    let statutory = json!({ "time": "statutory" });
    let view = applied
        .as_court("extend", statutory.clone())
        .await?
        .expect(200)?;
    assert_ne!(view["due_at"], before);
    let answer = applied.as_court("extend", statutory).await?;
    answer.expect_problem(409, "extension-capped")?;
    let view = applied
        .as_court("extend", json!({ "time": "target" }))
        .await?
        .expect(200)?;
    assert_ne!(view["due_at"], before);
    assert_eq!(applied.service.published::<ClockExtended>().await?.len(), 2);
    Ok(())
}
