//! A case was opened again, or merged into another one.

use anyhow::Result;
use contracts::{
    Service,
    events::{
        intake::{CaseMerged, CaseReopened},
        triage::{ConsultationConcluded, TaskForceDissolved},
    },
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

#[tokio::test(flavor = "multi_thread")]
async fn consultation_and_task_force_go_on_in_the_other_case_unless_it_has_its_own() -> Result<()> {
    let service = support::start().await?;
    let director = service.role("centre_director");
    let departments = [
        support::organisation(&service, COUNTY).await?,
        support::organisation_for(&service, COUNTY, "litigation").await?,
    ];
    let mut cases = Vec::new();
    for _ in 0..3 {
        cases.push(support::case(&service).await?);
    }
    let [into, first, second] = cases[..] else {
        anyhow::bail!("three cases");
    };
    let mut called = Vec::new();
    for case_id in [first, second] {
        for level in ["post", "centre", "joint_meeting"] {
            let body = json!({ "level": level, "opinion": "疑难", "advises_task_force": true });
            let path = format!("/triage/v1/cases/{case_id}/studies");
            service.post(&path, &director, body).await?.expect(200)?;
        }
        let team = json!({ "case_id": case_id, "basis": "hard", "lead": "lead", "assignment": "分头核实", "organisations": [] });
        let force = service
            .post("/triage/v1/task-forces", &director, team)
            .await?;
        let one = |id| json!({ "organisation": id, "duty": "携带登记资料到场" });
        let whistle =
            json!({ "purpose": "权属争议", "urgent": false, "departments": departments.map(one) });
        let path = format!("/triage/v1/cases/{case_id}/consultations");
        let officer = service.role("triage_officer");
        let consultation = service.post(&path, &officer, whistle).await?;
        called.push([
            format!("task-forces/{}", force.expect(201)?["id"].as_str().unwrap()),
            format!(
                "consultations/{}",
                consultation.expect(201)?["id"].as_str().unwrap()
            ),
        ]);
        let event = CaseMerged {
            case_id,
            into_case_id: into,
            region: COUNTY.parse()?,
            matter_ids: Vec::new(),
            merged_at: service.time.now(),
        };
        service.publish(Service::Intake, case_id, &event).await?;
        service.settle().await?;
    }
    let mut stand = Vec::new();
    for path in called.iter().flatten() {
        let path = format!("/triage/v1/{path}");
        let view = service.get(&path, &director).await?.expect(200)?;
        stand.push((view["case_id"].clone(), view["state"].clone()));
    }
    let (into, second) = (json!(into), json!(second));
    assert_eq!(
        stand,
        [
            (into.clone(), json!("formed")),
            (into.clone(), json!("called")),
            (second.clone(), json!("dissolved")),
            (second, json!("concluded")),
        ]
    );
    // The clocks went with them: plan, meeting and two departments; those of the second stopped.
    let open = "clocks WHERE ended_at IS NULL AND kind <> 'triage.decide'";
    assert_eq!(service.count(open).await?, 4);
    let of_it = format!(
        "{open} AND case_id = {}",
        into.to_string().replace('"', "'")
    );
    assert_eq!(service.count(&of_it).await?, 4);
    let dissolved = service.published::<TaskForceDissolved>().await?;
    assert!(!dissolved[0].settled);
    let concluded = service.published::<ConsultationConcluded>().await?;
    assert_eq!(concluded[0].conclusion, "merged");
    Ok(())
}
