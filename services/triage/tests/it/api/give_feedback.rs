//! What organs tell of cases on routes without mediation.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    Service,
    events::{
        evaluation::CaseClosed,
        triage::{
            DispatchCompleted, DispatchExtended, DispatchFedBack, DispatchReturned,
            DispatchReworked, DispatchUrged, FeedbackEffect,
        },
    },
    ids::{CaseId, OrganisationId},
};
use serde_json::{Value, json};
use testkit::service::eventually;

use crate::support::{self, COUNTY, Triaging};

const FEEDBACK: &str = "dispatch.feedback";
const ROUTE: &str = "route.arbitration";
const REWORK: &str = "dispatch.rework";
const PETITION: &str = "route.petition";

/// A case on the route of arbitration that its organ has signed for: the case, the path of the order, the organ.
async fn signed(service: &Triaging, mode: &str) -> Result<(CaseId, String, OrganisationId)> {
    signed_for(service, mode, "arbitration").await
}

async fn signed_for(
    service: &Triaging,
    mode: &str,
    route: &str,
) -> Result<(CaseId, String, OrganisationId)> {
    let organ = support::organisation_for(service, COUNTY, route).await?;
    let case_id = support::case(service).await?;
    let mut choice = support::choice(service, case_id).await?;
    choice["route"] = json!(route);
    let officer = service.role("triage_officer");
    let case = format!("/triage/v1/cases/{case_id}");
    service
        .post(&format!("{case}/decide"), &officer, choice)
        .await?
        .expect(200)?;
    let path = signed_by(service, case_id, organ, mode).await?;
    Ok((case_id, path, organ))
}

async fn signed_by(
    service: &Triaging,
    case_id: CaseId,
    organ: OrganisationId,
    mode: &str,
) -> Result<String> {
    let (act, token) = match mode {
        "designate" => ("designate", service.role("coordinator")),
        _ => ("dispatch", service.role("triage_officer")),
    };
    let mut body = json!({ "to_organisation": organ });
    if act == "dispatch" {
        body["mode"] = json!(mode);
    }
    let order = service
        .post(&format!("/triage/v1/cases/{case_id}/{act}"), &token, body)
        .await?
        .expect(201)?;
    let path = format!("/triage/v1/orders/{}", order["id"].as_str().unwrap());
    let own = service.role_in("organisation_officer", organ);
    service
        .post(&format!("{path}/sign"), &own, json!({}))
        .await?
        .expect(200)?;
    Ok(path)
}

async fn tell(
    service: &Triaging,
    (path, organ): (&str, OrganisationId),
    outcome: &str,
    note: &str,
) -> Result<testkit::http::TestResponse> {
    let own = service.role_in("organisation_officer", organ);
    let body = json!({ "outcome": outcome, "note": note });
    service.post(&format!("{path}/feedback"), &own, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organ_takes_a_case_up_and_finishes_it_and_is_urged_when_it_is_silent() -> Result<()> {
    let service = support::start().await?;
    let (case_id, path, organ) = signed(&service, "assign").await?;
    let order = (path.as_str(), organ);
    assert_eq!(
        support::clock_states(&service, FEEDBACK).await?,
        ["running"]
    );
    let helper = support::organisation(&service, COUNTY).await?;
    let body = json!({ "organisation": helper, "duty": "协助查证" });
    let assist = service
        .post(
            &format!("/triage/v1/cases/{case_id}/assist"),
            &service.role("triage_officer"),
            body,
        )
        .await?
        .expect(201)?;
    let beside = format!("/triage/v1/orders/{}", assist["id"].as_str().unwrap());
    tell(&service, (&beside, helper), "finished", "已协助")
        .await?
        .expect_problem(409, "organisation-not-accountable")?;
    for (outcome, note, code) in [
        ("tea", "无", "unknown-outcome"),
        ("finished", " ", "text-required"),
    ] {
        let answer = tell(&service, order, outcome, note).await?;
        answer.expect_problem(422, code)?;
    }
    let stranger = (path.as_str(), support::id::<OrganisationId>());
    let answer = tell(&service, stranger, "finished", "已裁决").await?;
    answer.expect_problem(404, "not-found")?;

    // Five working days without a word: urged.
    service.time.advance(Duration::days(8));
    eventually("the feedback is missed", async || {
        let urged = service.published::<DispatchUrged>().await?;
        Ok(urged.iter().any(|urge| {
            urge.clock.as_deref() == Some(FEEDBACK) && urge.organisation_id == Some(organ)
        }))
    })
    .await?;
    tell(&service, order, "taken_up", "仲裁委已受理")
        .await?
        .expect(200)?;
    tell(&service, order, "progress", "已开庭")
        .await?
        .expect(200)?;
    assert_eq!(
        support::clock_states(&service, FEEDBACK).await?,
        ["breached"]
    );
    assert_eq!(support::clock_states(&service, ROUTE).await?, ["running"]);
    let own = service
        .token()
        .roles(["organisation_officer"])
        .subject("test-organisation_officer")
        .organisation(organ)
        .sign()?;
    let mine = service
        .get("/triage/v1/clocks?mine=true&kind=route.arbitration", &own)
        .await?
        .expect(200)?;
    assert_eq!(
        mine["items"].as_array().map(Vec::len),
        Some(1),
        "who signed"
    );
    let done = tell(&service, order, "finished", "已裁决")
        .await?
        .expect(200)?;
    assert_eq!(done["state"], "completed");
    tell(&service, order, "finished", "已裁决")
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["state"], "completed");
    let told: Vec<&Value> = view["feedbacks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feedback| &feedback["outcome"])
        .collect();
    assert_eq!(told, ["taken_up", "progress", "finished"]);
    assert_eq!(support::clock_states(&service, ROUTE).await?, ["stopped"]);
    let fed_back = service.published::<DispatchFedBack>().await?;
    let then: Vec<FeedbackEffect> = fed_back.iter().map(|event| event.then).collect();
    let goes_on = FeedbackEffect::GoesOn;
    assert_eq!(then, [goes_on, goes_on, FeedbackEffect::Ends]);
    let completed = service.published::<DispatchCompleted>().await?;
    assert_eq!(
        (completed[0].route.as_str(), completed[0].outcome.as_str()),
        ("arbitration", "finished")
    );
    assert_eq!(
        service.count("orders WHERE state = 'done'").await?,
        1,
        "the assistance"
    );
    assert!(!serde_json::to_string(&service.events().await?)?.contains("仲裁委"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organ_that_is_not_competent_gives_the_case_back_to_the_sender() -> Result<()> {
    let service = support::start().await?;
    let (case_id, path, organ) = signed(&service, "assign").await?;
    let back = tell(&service, (&path, organ), "not_competent", "约定由法院管辖")
        .await?
        .expect(200)?;
    assert_eq!(back["state"], "returned");
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["state"], "triaged");
    assert_eq!(
        support::clock_states(&service, FEEDBACK).await?,
        ["stopped"]
    );
    let returned = service.published::<DispatchReturned>().await?;
    assert_eq!(
        (
            returned[0].reason.as_str(),
            returned[0].designation_required
        ),
        ("not_competent", false)
    );
    // The next tries and cannot settle it: no dispute about who handles it, so it need not be designated.
    let path = signed_by(&service, case_id, organ, "assign").await?;
    let tried = tell(&service, (&path, organ), "not_settled", "双方分歧较大")
        .await?
        .expect(200)?;
    assert_eq!(tried["state"], "completed");
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["state"], "triaged");
    // Another one gives it back too: now it is designated, and that cannot be given back.
    let path = signed_by(&service, case_id, organ, "transfer").await?;
    tell(&service, (&path, organ), "not_accepted", "无仲裁协议")
        .await?
        .expect(200)?;
    let returned = service.published::<DispatchReturned>().await?;
    assert!(returned[1].designation_required);
    let path = signed_by(&service, case_id, organ, "designate").await?;
    tell(&service, (&path, organ), "not_competent", "约定由法院管辖")
        .await?
        .expect_problem(409, "designated-not-returnable")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mediated_route_and_one_without_report_owe_no_feedback() -> Result<()> {
    let service = support::start().await?;
    let (_, order, organisation) = support::order(&service).await?;
    let path = format!("/triage/v1/orders/{order}");
    let own = service.role_in("organisation_officer", organisation);
    service
        .post(&format!("{path}/sign"), &own, json!({}))
        .await?
        .expect(200)?;
    tell(&service, (&path, organisation), "finished", "已办结")
        .await?
        .expect_problem(409, "route-mediated")?;
    let (_, path, organ) = signed(&service, "forward").await?;
    assert!(support::clock_states(&service, FEEDBACK).await?.is_empty());
    tell(&service, (&path, organ), "taken_up", "已受理")
        .await?
        .expect(200)?;
    assert!(support::clock_states(&service, ROUTE).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_an_organ_is_lengthened_once_where_its_law_allows() -> Result<()> {
    let service = support::start().await?;
    let (case_id, path, organ) = signed_for(&service, "assign", "petition").await?;
    let own = service.role_in("organisation_officer", organ);
    let longer = async |path: &str, token: &str, reason: &str| {
        let body = json!({ "reason": reason });
        let path = format!("{path}/extension");
        service.post(&path, token, body).await
    };
    // Its time does not run before it has taken the case up.
    longer(&path, &own, "案情复杂")
        .await?
        .expect_problem(409, "clock-not-running")?;
    tell(&service, (&path, organ), "taken_up", "已受理")
        .await?
        .expect(200)?;
    longer(&path, &own, " ")
        .await?
        .expect_problem(422, "text-required")?;
    let officer = service.role("triage_officer");
    longer(&path, &officer, "案情复杂")
        .await?
        .expect_problem(403, "forbidden")?;
    let view = longer(&path, &own, "案情复杂").await?.expect(200)?;
    assert_eq!(view["state"], "signed");
    longer(&path, &own, "案情复杂")
        .await?
        .expect_problem(409, "extension-capped")?;
    let extended = service.published::<DispatchExtended>().await?;
    let clocks = format!("/triage/v1/clocks?kind={PETITION}");
    let running = service.get(&clocks, &own).await?.expect(200)?;
    assert_eq!(running["items"][0]["extended"], 1);
    assert_eq!(running["items"][0]["due_at"], json!(extended[0].due_at));
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["order_acts"][0]["kind"], "extended");
    assert_eq!(view["order_acts"][0]["reason"], "案情复杂");
    assert!(!serde_json::to_string(&service.events().await?)?.contains("案情复杂"));

    // The rules of arbitration know no longer time here; mediation has its own.
    let (_, path, organ) = signed(&service, "assign").await?;
    tell(&service, (&path, organ), "taken_up", "已受理")
        .await?
        .expect(200)?;
    let own = service.role_in("organisation_officer", organ);
    longer(&path, &own, "案情复杂")
        .await?
        .expect_problem(409, "extension-capped")?;
    let (_, order, organ) = support::order(&service).await?;
    let own = service.role_in("organisation_officer", organ);
    longer(&format!("/triage/v1/orders/{order}"), &own, "案情复杂")
        .await?
        .expect_problem(409, "route-mediated")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn finished_work_is_sent_back_once_and_not_after_the_case_is_closed() -> Result<()> {
    let service = support::start().await?;
    let (case_id, path, organ) = signed(&service, "assign").await?;
    let sender = service.role("triage_officer");
    let back = async |token: &str, body: Value| {
        let path = format!("{path}/rework");
        service.post(&path, token, body).await
    };
    let why = json!({ "reason": "当事人反映未实际解决" });
    back(&sender, why.clone())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    tell(&service, (&path, organ), "finished", "已裁决")
        .await?
        .expect(200)?;
    let own = service.role_in("organisation_officer", organ);
    back(&own, why.clone())
        .await?
        .expect_problem(403, "forbidden")?;
    back(&sender, json!({ "reason": "" }))
        .await?
        .expect_problem(422, "text-required")?;
    let over = json!({ "reason": "未实际解决", "due_on": "2020-01-01" });
    back(&sender, over)
        .await?
        .expect_problem(422, "deadline-too-short")?;
    let order = back(&sender, why.clone()).await?.expect(200)?;
    assert_eq!(order["state"], "signed");
    assert_eq!(support::view(&service, case_id).await?["state"], "signed");
    assert_eq!(support::clock_states(&service, REWORK).await?, ["running"]);
    let reworked = service.published::<DispatchReworked>().await?;
    assert_eq!(order["due_at"], json!(reworked[0].due_at));

    // Finished again: as often as the pack allows is once.
    tell(&service, (&path, organ), "settled", "双方和解")
        .await?
        .expect(200)?;
    assert_eq!(support::clock_states(&service, REWORK).await?, ["stopped"]);
    back(&sender, why.clone())
        .await?
        .expect_problem(409, "reworked-already")?;
    let completed = service.published::<DispatchCompleted>().await?;
    assert_eq!(completed.len(), 2);
    assert!(completed.iter().all(|event| event.settled));

    // What the organ could not settle is decided anew, and what is closed is opened again.
    let (_, tried, organ) = signed(&service, "assign").await?;
    tell(&service, (&tried, organ), "not_settled", "双方分歧较大")
        .await?
        .expect(200)?;
    service
        .post(&format!("{tried}/rework"), &sender, why.clone())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let (case_id, done, organ) = signed(&service, "assign").await?;
    tell(&service, (&done, organ), "withdrawn", "已撤回")
        .await?
        .expect(200)?;
    let closed = CaseClosed {
        case_id,
        region: COUNTY.parse()?,
        closed_at: service.time.now(),
    };
    service
        .publish(Service::Evaluation, case_id, &closed)
        .await?;
    service.settle().await?;
    service
        .post(&format!("{done}/rework"), &sender, why)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let completed = service.published::<DispatchCompleted>().await?;
    assert!(completed.iter().any(|event| !event.settled));
    Ok(())
}
