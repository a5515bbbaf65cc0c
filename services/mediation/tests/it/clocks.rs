//! The clocks that commands start and stop.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    events::clock::{ClockBreached, ClockWarned},
    ids::TypedId as _,
};
use serde_json::json;

use crate::support::{self, Desk};

async fn running(desk: &Desk) -> Result<[i64; 3]> {
    let count = async |kind: &str| {
        desk.service
            .count(&format!(
                "clocks WHERE state = 'running' AND kind = '{kind}'"
            ))
            .await
    };
    Ok([
        count("mediation.consent").await?,
        count("mediation.statutory").await?,
        count("performance.obligation").await?,
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn one_clock_runs_for_each_step() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.opened().await?;
    assert_eq!(running(&desk).await?, [1, 0, 0]);
    desk.consent(proceeding, case.applicant).await?;
    desk.consent(proceeding, case.respondent).await?;
    assert_eq!(running(&desk).await?, [0, 0, 0]);
    desk.post(
        &format!("/proceedings/{proceeding}/start"),
        json!({ "mediator_ids": [desk.mediator] }),
    )
    .await?
    .expect(200)?;
    assert_eq!(running(&desk).await?, [0, 1, 0]);
    desk.post(
        &format!("/proceedings/{proceeding}/sessions"),
        support::session(case),
    )
    .await?
    .expect(201)?;
    let made = desk
        .post(
            &format!("/proceedings/{proceeding}/agreement"),
            support::draft(case),
        )
        .await?
        .expect(201)?;
    assert_eq!(running(&desk).await?, [0, 1, 0]);
    desk.sign_all(case, support::text(&made, "id").parse()?)
        .await?;
    assert_eq!(running(&desk).await?, [0, 0, 2]);
    for clause in made["clauses"].as_array().unwrap() {
        let path = format!(
            "/obligations/{}/fulfil",
            support::text(clause, "obligation_id")
        );
        desk.post(
            &path,
            json!({ "fulfilled_on": "2026-09-01", "proof": "收据1号" }),
        )
        .await?
        .expect(200)?;
    }
    assert_eq!(running(&desk).await?, [0, 0, 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_stops_the_clock_of_its_step() -> Result<()> {
    let desk = support::start().await?;
    let (_, waiting) = desk.opened().await?;
    let (_, mediating) = desk.started().await?;
    assert_eq!(running(&desk).await?, [1, 1, 0]);
    for (proceeding, left) in [(waiting, [0, 1, 0]), (mediating, [0, 0, 0])] {
        desk.post(
            &format!("/proceedings/{proceeding}/end"),
            json!({ "end_code": "large_gap" }),
        )
        .await?
        .expect(200)?;
        assert_eq!(running(&desk).await?, left);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_is_urged_before_an_obligation_is_due() -> Result<()> {
    let desk = support::start().await?;
    let (case, _, obligations) = desk.effective().await?;
    desk.service.time.set("2026-09-08T04:00:00Z".parse()?);
    let warned = async || {
        Ok(desk
            .service
            .published::<ClockWarned>()
            .await?
            .iter()
            .any(|event| event.kind == "performance.obligation"))
    };
    testkit::service::eventually("a warning three days before", warned).await?;
    desk.service.time.advance(Duration::days(3));
    let breached = async || Ok(!desk.service.published::<ClockBreached>().await?.is_empty());
    testkit::service::eventually("the first instalment is overdue", breached).await?;
    let events = desk.service.published::<ClockBreached>().await?;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].case_id, case.id);
    assert_eq!(json!(events[0].object_id), obligations[0]["id"]);
    Ok(())
}

/// The kinds of the clocks that an account has to keep in person, in order.
async fn mine(desk: &Desk, subject: &str) -> Result<Vec<String>> {
    let token = desk.service.token().roles(["mediator"]).subject(subject);
    let token = token.organisation(desk.organisation.uuid()).sign()?;
    let path = "/mediation/v1/clocks?mine=true";
    let page = desk.service.get(path, &token).await?.expect(200)?;
    let items = page["items"].as_array().unwrap().iter();
    let mut kinds: Vec<_> = items
        .map(|clock| support::text(clock, "kind").to_owned())
        .collect();
    kinds.sort();
    Ok(kinds)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mediator_who_presides_keeps_the_clocks() -> Result<()> {
    let desk = support::start().await?;
    let administrator = desk.service.role("administrator");
    let path = format!(
        "/mediation/v1/organisations/{}/mediators",
        desk.organisation
    );
    let body = json!({ "name": "王调解", "class": "part_time", "account_subject": "second" });
    let made = desk.service.post(&path, &administrator, body).await?;
    let second = made.expect(201)?;
    let second_id = support::text(&second, "id");

    // Nobody in person keeps the time in which the parties are asked; whoever is chosen answers.
    let (case, proceeding) = desk.opened().await?;
    assert!(mine(&desk, "second").await?.is_empty());
    let parties = [case.applicant, case.respondent];
    for party in parties {
        desk.consent(proceeding, party).await?;
    }
    for party in parties {
        let choice = json!({ "party_id": party, "mediator_ids": [second_id] });
        let path = format!("/proceedings/{proceeding}/mediator-choice");
        desk.post(&path, choice).await?.expect(200)?;
    }
    assert_eq!(mine(&desk, "second").await?, ["mediation.accept"]);

    let (case, proceeding) = desk.started().await?;
    let running = ["mediation.statutory", "mediation.track.general"];
    assert_eq!(mine(&desk, "test-mediator").await?, running);
    let change = json!({ "mediator_ids": [second_id], "reason": "unable", "accepted_by": [case.applicant, case.respondent] });
    desk.post(
        &format!("/proceedings/{proceeding}/mediator-change"),
        change,
    )
    .await?
    .expect(200)?;
    assert!(mine(&desk, "test-mediator").await?.is_empty());
    let all = [&["mediation.accept"][..], &running].concat();
    assert_eq!(mine(&desk, "second").await?, all);

    // Their account is another one: what they mediate goes with it.
    let path = format!("/mediation/v1/mediators/{second_id}/change");
    let account = json!({ "account_subject": "third" });
    desk.service
        .post(&path, &administrator, account)
        .await?
        .expect(200)?;
    assert_eq!(mine(&desk, "third").await?, running);

    let (_, _, obligations) = desk.effective().await?;
    assert_eq!(obligations.len(), 2);
    assert_eq!(
        mine(&desk, "test-mediator").await?,
        ["performance.obligation", "performance.obligation"]
    );
    Ok(())
}
