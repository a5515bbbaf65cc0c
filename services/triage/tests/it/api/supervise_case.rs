//! Urging and supervising, by a person and by a clock.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    Service,
    events::{
        clock::ClockBreached,
        triage::{
            DispatchUrged, RiskChanged, SupervisionClosed, SupervisionIssued, SupervisionReplied,
        },
    },
    ids::{CaseId, ClockId, OrganisationId, TypedId as _},
};
use serde_json::{Value, json};
use testkit::service::eventually;

use crate::support::{self, OTHER_COUNTY, Triaging};

async fn supervise(service: &Triaging, case_id: CaseId, body: Value) -> Result<Value> {
    let path = format!("/triage/v1/cases/{case_id}/supervise");
    let answer = service
        .post(&path, &service.role("coordinator"), body)
        .await?;
    answer.expect(201)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervised_organisation_replies_and_the_supervisor_closes() -> Result<()> {
    let service = support::start().await?;
    let (case_id, _, organisation) = support::order(&service).await?;
    let body =
        json!({ "fault": "not_by_law", "listed": true, "urgent": true, "demand": "限期整改" });
    let issued = supervise(&service, case_id, body).await?;
    assert_eq!(issued["organisation_id"], json!(organisation));
    assert_eq!(
        issued["reply_due_at"], "2026-09-02T16:00:00Z",
        "one working day"
    );
    let usual = json!({ "fault": "should_handle", "demand": "抓紧办理" });
    let usual = supervise(&service, case_id, usual).await?;
    assert_eq!(
        usual["reply_due_at"], "2026-09-04T16:00:00Z",
        "three working days"
    );

    let path = |act: &str| {
        format!(
            "/triage/v1/supervisions/{}{act}",
            issued["id"].as_str().unwrap()
        )
    };
    let (centre, supervisor) = (
        service.role("triage_officer"),
        service.role("centre_director"),
    );
    let officer = service.role_in("organisation_officer", organisation);
    let stranger = service.role_in("organisation_officer", support::id::<OrganisationId>());
    let verdict = json!({ "verdict": "已整改", "rectified": true });
    let answer = service
        .post(&path("/close"), &supervisor, verdict.clone())
        .await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    let reply = json!({ "reply": "已约谈双方" });
    for (token, body, status, code) in [
        (&stranger, &reply, 404, "not-found"),
        (&centre, &reply, 409, "not-supervised"),
        (&supervisor, &reply, 403, "forbidden"),
        (&officer, &json!({ "reply": " " }), 422, "text-required"),
    ] {
        let answer = service.post(&path("/reply"), token, body.clone()).await?;
        answer.expect_problem(status, code)?;
    }
    service
        .post(&path("/reply"), &officer, reply.clone())
        .await?
        .expect(200)?;
    let answer = service.post(&path("/reply"), &officer, reply).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    let clocks = support::clock_states(&service, "supervision.reply.urgent").await?;
    assert_eq!(clocks, ["stopped"]);
    let closed = service
        .post(&path("/close"), &supervisor, verdict)
        .await?
        .expect(200)?;
    assert_eq!(
        (&closed["state"], &closed["rectified"]),
        (&json!("closed"), &json!(true))
    );
    let read = service.get(&path(""), &officer).await?.expect(200)?;
    assert_eq!(read, closed);

    let listed = async |token: &str, query: &str| -> Result<usize> {
        let path = format!("/triage/v1/supervisions{query}");
        let page = service.get(&path, token).await?.expect(200)?;
        Ok(page["items"].as_array().map(Vec::len).unwrap_or_default())
    };
    assert_eq!(listed(&officer, "").await?, 2);
    assert_eq!(listed(&officer, "?state=issued").await?, 1);
    assert_eq!(listed(&stranger, "").await?, 0);
    let elsewhere = service
        .token()
        .roles(["coordinator"])
        .region(OTHER_COUNTY)
        .sign()?;
    assert_eq!(listed(&elsewhere, "").await?, 0);
    assert_eq!(service.published::<SupervisionIssued>().await?.len(), 2);
    let replied = service.published::<SupervisionReplied>().await?;
    assert!(replied[0].on_time);
    assert_eq!(service.published::<SupervisionClosed>().await?.len(), 1);
    assert!(!serde_json::to_string(&service.events().await?)?.contains("约谈"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_urges_whoever_has_the_case() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let path = format!("/triage/v1/cases/{case_id}/urge");
    let director = service.role("centre_director");
    let answer = service
        .post(&path, &director, json!({ "note": "" }))
        .await?;
    answer.expect_problem(422, "text-required")?;
    let note = json!({ "note": "请抓紧分流" });
    let urged = service
        .post(&path, &director, note.clone())
        .await?
        .expect(200)?;
    assert_eq!(
        urged["organisation_id"],
        json!(null),
        "nobody has it: the centre"
    );
    let clerk = service.role("window_clerk");
    service
        .post(&path, &clerk, note)
        .await?
        .expect_problem(403, "forbidden")?;
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["urges"], json!([urged]));
    assert_eq!(service.published::<DispatchUrged>().await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_ran_out_urges_or_supervises_once() -> Result<()> {
    let service = support::start().await?;
    let undecided = support::case(&service).await?;
    let (case_id, _, organisation) = support::order(&service).await?;
    service.time.advance(Duration::days(3));
    // Nobody decided: reminded. Nobody signed: supervised.
    eventually("both clocks ran out", async || {
        let urged = service.published::<DispatchUrged>().await?.len();
        let supervised = service.published::<SupervisionIssued>().await?.len();
        Ok(urged == 1 && supervised == 1)
    })
    .await?;
    let urged = service.published::<DispatchUrged>().await?;
    assert_eq!(
        (urged[0].case_id, urged[0].organisation_id),
        (undecided, None)
    );
    let issued = service.published::<SupervisionIssued>().await?;
    assert_eq!(
        (issued[0].case_id, issued[0].organisation_id),
        (case_id, Some(organisation))
    );
    assert_eq!(issued[0].clock.as_deref(), Some("dispatch.sign"));

    // A clock of mediation; told twice, it urges once.
    let now = service.time.now();
    let mut breached = ClockBreached {
        clock_id: support::id::<ClockId>(),
        kind: "mediation.start".to_owned(),
        object_id: case_id.uuid(),
        case_id,
        due_at: now,
        breach: None,
        organisation_id: None,
    };
    for _ in 0..2 {
        service
            .publish(Service::Mediation, case_id, &breached)
            .await?;
    }
    // One whose breach is only recorded, and one of a case that is not here.
    breached.kind = "mediation.choose".to_owned();
    service
        .publish(Service::Mediation, case_id, &breached)
        .await?;
    breached.kind = "mediation.start".to_owned();
    breached.case_id = support::id();
    service
        .publish(Service::Mediation, breached.case_id, &breached)
        .await?;
    // Those of other services: of the organisation that had to keep it, else the centre's; what only ends a matter urges nobody.
    breached.case_id = case_id;
    let notary = support::id::<OrganisationId>();
    for (from, kind, breach, organisation_id) in [
        (
            Service::JudicialConfirmation,
            "effect.notary",
            "remind",
            Some(notary),
        ),
        (Service::Evaluation, "followup.visit", "remind", None),
        (Service::Intake, "case.reopen", "expire", None),
        (
            Service::Intake,
            "petition.handle",
            "supervise",
            Some(organisation),
        ),
    ] {
        breached.kind = kind.to_owned();
        breached.breach = Some(breach.to_owned());
        breached.organisation_id = organisation_id;
        service.publish(from, case_id, &breached).await?;
    }
    service.settle().await?;
    let urged = service.published::<DispatchUrged>().await?;
    assert_eq!(urged.len(), 4);
    let whom = |kind: &str| {
        let mut urged = urged.iter();
        let found = urged.find(|urge| urge.clock.as_deref() == Some(kind));
        found.map(|urge| urge.organisation_id)
    };
    assert_eq!(whom("mediation.start"), Some(Some(organisation)));
    assert_eq!(whom("effect.notary"), Some(Some(notary)));
    assert_eq!(whom("followup.visit"), Some(None));
    let issued = service.published::<SupervisionIssued>().await?;
    let petition = issued.last().unwrap();
    assert_eq!(petition.clock.as_deref(), Some("petition.handle"));
    assert_eq!(petition.organisation_id, Some(organisation));
    let raised = service.published::<RiskChanged>().await?;
    assert_eq!(raised[0].rule.as_deref(), Some("overdue.petition"));

    // Nobody replies to the supervision order either: the case is riskier now.
    service.time.advance(Duration::days(7));
    eventually("the reply is missed", async || {
        Ok(service.published::<RiskChanged>().await?.len() > 1)
    })
    .await?;
    let raised = service.published::<RiskChanged>().await?;
    assert_eq!(raised[1].case_id, case_id);
    assert_eq!(raised[1].rule.as_deref(), Some("supervision_overdue"));
    let view = support::view(&service, case_id).await?;
    let changes = view["colour_changes"].as_array().unwrap();
    assert_eq!(changes[0]["reason"], "信访事项超过法定期限");
    Ok(())
}
