//! `POST /proceedings/{id}/start`.

use anyhow::Result;
use contracts::{events::mediation::MediationStarted, ids::MediatorId};
use serde_json::json;

use crate::support::{self, COUNTY, committee, id, text};

#[tokio::test(flavor = "multi_thread")]
async fn starts_when_everyone_consented() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.opened().await?;
    desk.consent(proceeding, case.applicant).await?;
    desk.consent(proceeding, case.respondent).await?;
    let disclosure = json!({ "mediator_id": desk.mediator, "interest": "与申请人同村", "accepted_by_all": true });
    let body = json!({ "mediator_ids": [desk.mediator], "disclosures": [disclosure] });
    let answer = desk
        .post(&format!("/proceedings/{proceeding}/start"), body)
        .await?;
    assert_eq!(answer.version(), Some(4));
    let view = answer.expect(200)?;
    assert_eq!(view["state"], "mediating");
    assert_eq!(view["disclosures"], json!([disclosure]));
    // 30 days from 1 September, and 1 October is a holiday: until the end of 8 October in China.
    assert_eq!(view["due_at"], "2026-10-08T16:00:00Z");
    let event = desk
        .service
        .published::<MediationStarted>()
        .await?
        .pop()
        .unwrap();
    assert_eq!(
        (event.case_id, event.mediator_ids, json!(event.due_at)),
        (case.id, vec![desk.mediator], view["due_at"].clone())
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_may_have_its_own_statutory_time() -> Result<()> {
    let desk = support::start().await?;
    let (_, proceeding) = desk.started_of("labour").await?;
    let view = desk.get(&format!("/proceedings/{proceeding}")).await?;
    assert_eq!(view["due_at"], "2026-09-16T16:00:00Z");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn never_without_everyones_consent() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.opened().await?;
    let path = format!("/proceedings/{proceeding}/start");
    let body = json!({ "mediator_ids": [desk.mediator] });
    desk.all_refused(
        &path,
        vec![(body.clone(), 409, "consent-missing", json!(null))],
    )
    .await?;
    desk.consent(proceeding, case.respondent).await?;
    desk.all_refused(&path, vec![(body, 409, "consent-missing", json!(null))])
        .await?;
    assert_eq!(
        desk.get(&format!("/proceedings/{proceeding}")).await?["state"],
        "consent_pending"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_with_mediators_of_the_organisation_whom_the_parties_accept() -> Result<()> {
    let desk = support::start().await?;
    let administrator = desk.service.role("administrator");
    let made = desk
        .service
        .post(
            "/mediation/v1/organisations",
            &administrator,
            committee("他会", COUNTY),
        )
        .await?
        .expect(201)?;
    let others = format!(
        "/mediation/v1/organisations/{}/mediators",
        text(&made, "id")
    );
    let foreign = desk
        .service
        .post(
            &others,
            &administrator,
            json!({ "name": "别家", "class": "full_time" }),
        )
        .await?
        .expect(201)?;
    let (case, proceeding) = desk.opened().await?;
    desk.consent(proceeding, case.applicant).await?;
    desk.consent(proceeding, case.respondent).await?;
    let own = desk.mediator;
    let with = |disclosure: serde_json::Value| json!({ "mediator_ids": [own], "disclosures": [disclosure] });
    let many: Vec<MediatorId> = (0..6).map(|_| id()).collect();
    desk.all_refused(&format!("/proceedings/{proceeding}/start"), vec![
        (json!({ "mediator_ids": [] }), 422, "invalid-body", json!("/mediator_ids")),
        (json!({ "mediator_ids": many }), 422, "invalid-body", json!("/mediator_ids")),
        (json!({ "mediator_ids": [own, own] }), 422, "invalid-body", json!("/mediator_ids/1")),
        (json!({ "mediator_ids": [own, foreign["id"]] }), 422, "unknown-mediator", json!("/mediator_ids/1")),
        (with(json!({ "mediator_id": own, "interest": "亲戚", "accepted_by_all": false })), 422, "mediator-conflict", json!("/disclosures/0/accepted_by_all")),
        (with(json!({ "mediator_id": foreign["id"], "interest": "亲戚", "accepted_by_all": true })), 422, "unknown-mediator", json!("/disclosures/0/mediator_id")),
        (with(json!({ "mediator_id": own, "interest": "", "accepted_by_all": true })), 422, "text-required", json!("/disclosures/0/interest")),
    ])
    .await?;
    let body = json!({ "mediator_ids": [own] });
    let path = format!("/mediation/v1/proceedings/{proceeding}/start");
    let [other, elsewhere, applicant] = desk.strangers().try_into().unwrap();
    for (token, status, code) in [
        (other, 404, "not-found"),
        (elsewhere, 404, "not-found"),
        (applicant, 403, "forbidden"),
    ] {
        desk.service
            .post(&path, &token, body.clone())
            .await?
            .expect_problem(status, code)?;
    }
    desk.service
        .post(&path, &desk.officer(), body.clone())
        .await?
        .expect(200)?;
    desk.service
        .post(&path, &desk.officer(), body)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    Ok(())
}
