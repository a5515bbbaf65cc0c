//! A case was opened again, or merged into another one.

use anyhow::Result;
use contracts::{
    Service,
    events::intake::{CaseMerged, CaseReopened},
    ids::{CaseId, EventId},
};
use serde_json::json;

use crate::support::{self, COUNTY, Triaging};

async fn reopen(service: &Triaging, case_id: CaseId) -> Result<()> {
    let event = CaseReopened {
        case_id,
        region: COUNTY.parse()?,
        reason: "dissatisfied".to_owned(),
        closed_at: service.time.now(),
        reopened_at: service.time.now(),
    };
    let id = support::id::<EventId>();
    for _ in 0..2 {
        service
            .publish_as(id, Service::Intake, case_id, &event)
            .await?;
    }
    service.settle().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_opened_again_is_decided_and_given_out_anew() -> Result<()> {
    let service = support::start().await?;
    // Not decided yet, or not here: nothing.
    let waiting = support::case(&service).await?;
    reopen(&service, waiting).await?;
    reopen(&service, support::id()).await?;
    assert_eq!(support::view(&service, waiting).await?["version"], 1);

    let case_id = support::decided_case(&service).await?;
    let organisation = support::organisation(&service, COUNTY).await?;
    let path = format!("/triage/v1/cases/{case_id}");
    let officer = service.role("triage_officer");
    let dispatch = async || {
        let body = support::dispatch_to(organisation);
        service
            .post(&format!("{path}/dispatch"), &officer, body)
            .await
    };
    dispatch().await?.expect(201)?;
    reopen(&service, case_id).await?;
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["state"], "accepted");
    assert_eq!(view["colour"], "yellow");
    assert_eq!(view["colour_changes"][0]["rule"], "reopened");
    let running = "clocks WHERE state = 'running' AND kind = 'triage.decide'";
    assert_eq!(service.count(running).await?, 2);
    assert_eq!(
        service
            .count("clocks WHERE state = 'running' AND kind = 'dispatch.sign'")
            .await?,
        0
    );
    assert_eq!(service.count("orders WHERE state = 'done'").await?, 1);
    dispatch()
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let choice = support::choice(&service, case_id).await?;
    service
        .post(&format!("{path}/decide"), &officer, choice)
        .await?
        .expect(200)?;
    assert_eq!(service.count("past_decisions").await?, 1);
    dispatch().await?.expect(201)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_case_is_off_the_worklist() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let into = support::case(&service).await?;
    let event = CaseMerged {
        case_id,
        into_case_id: into,
        region: COUNTY.parse()?,
        matter_ids: Vec::new(),
        merged_at: service.time.now(),
    };
    service.publish(Service::Intake, case_id, &event).await?;
    service.settle().await?;
    assert_eq!(support::view(&service, case_id).await?["state"], "merged");
    let persons = &support::view(&service, into).await?["persons_involved"];
    assert_eq!(*persons, 4, "the other one has the people of both");
    let running = "clocks WHERE state = 'running'";
    assert_eq!(service.count(running).await?, 1);
    let officer = service.role("triage_officer");
    let path = format!("/triage/v1/cases/{case_id}/decide");
    let choice = support::choice(&service, case_id).await?;
    let refused = service.post(&path, &officer, choice).await?;
    refused.expect_problem(409, "transition-not-allowed")?;
    let study = json!({ "level": "post", "opinion": "疑难" });
    let path = format!("/triage/v1/cases/{case_id}/studies");
    let refused = service.post(&path, &officer, study).await?;
    refused.expect_problem(409, "transition-not-allowed")?;
    let list = service
        .get("/triage/v1/cases?state=accepted", &officer)
        .await?
        .expect(200)?;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["items"][0]["case_id"], json!(into));
    Ok(())
}
