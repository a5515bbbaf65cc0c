//! Handing over, reporting up and assisting.

use anyhow::Result;
use contracts::{
    Service,
    events::{
        mediation::{MediationEnded, MediationOpened, MediationOutcome},
        triage::{AssistAsked, AssistSigned, DispatchHandedOver, DispatchMode},
    },
    ids::{CaseId, OrganisationId, ProceedingId},
};
use serde_json::{Value, json};

use crate::support::{self, COUNTY, OTHER_COUNTY, Triaging};

const TOWN: &str = "620602100";
const VILLAGE: &str = "620602100201";

async fn act(
    service: &Triaging,
    order: &str,
    act: &str,
    by: OrganisationId,
    body: Value,
) -> Result<testkit::http::TestResponse> {
    let officer = service.role_in("organisation_officer", by);
    let path = format!("/triage/v1/orders/{order}/{act}");
    service.post(&path, &officer, body).await
}

/// A case of the village that its committee signed for.
async fn signed_by(service: &Triaging, organisation: OrganisationId) -> Result<(CaseId, String)> {
    let case_id = support::decided_case_in(service, VILLAGE).await?;
    let path = format!("/triage/v1/cases/{case_id}/dispatch");
    let officer = service.role("triage_officer");
    let body = support::dispatch_to(organisation);
    let order = service.post(&path, &officer, body).await?.expect(201)?;
    let order = order["id"].as_str().unwrap().to_owned();
    act(service, &order, "sign", organisation, json!({}))
        .await?
        .expect(200)?;
    Ok((case_id, order))
}

#[tokio::test(flavor = "multi_thread")]
async fn village_to_township_to_county_one_answers_at_any_time() -> Result<()> {
    let service = support::start().await?;
    let village = support::organisation(&service, VILLAGE).await?;
    let county = support::organisation(&service, COUNTY).await?;
    let town = support::organisation(&service, TOWN).await?;
    let (case_id, order) = signed_by(&service, village).await?;
    let why = json!({ "reason": "cannot_settle", "explanation": "双方分歧大" });
    let red = json!({ "reason": "red", "explanation": "双方分歧大" });
    let answer = act(&service, &order, "report-up", village, red).await?;
    answer.expect_problem(409, "report-reason-not-met")?;
    let other = json!({ "reason": "tired", "explanation": "双方分歧大" });
    let answer = act(&service, &order, "report-up", village, other).await?;
    answer.expect_problem(422, "unknown-report-reason")?;

    let offered = act(&service, &order, "report-up", village, why.clone())
        .await?
        .expect(201)?;
    assert_eq!(
        (
            &offered["organisation_id"],
            &offered["mode"],
            &offered["state"]
        ),
        (&json!(town), &json!("report_up"), &json!("offered"))
    );
    let answer = act(&service, &order, "report-up", village, why.clone()).await?;
    answer.expect_problem(409, "hand-over-pending")?;
    // Until the township signs, the village answers for the case.
    let cases = service
        .get("/triage/v1/cases", &service.role("coordinator"))
        .await?
        .expect(200)?;
    assert_eq!(cases["items"][0]["organisation_id"], json!(village));
    let up = offered["id"].as_str().unwrap();
    act(&service, up, "sign", town, json!({}))
        .await?
        .expect(200)?;
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["state"], "signed");
    let states: Vec<_> = view["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["state"].clone())
        .collect();
    assert_eq!(states, ["handed_over", "signed"]);
    let answer = act(&service, &order, "report-up", village, why.clone()).await?;
    answer.expect_problem(404, "not-found")?;

    let offered = act(&service, up, "report-up", town, why.clone())
        .await?
        .expect(201)?;
    assert_eq!(offered["organisation_id"], json!(county));
    let top = offered["id"].as_str().unwrap();
    act(&service, top, "sign", county, json!({}))
        .await?
        .expect(200)?;
    let answer = act(&service, top, "report-up", county, why).await?;
    answer.expect_problem(409, "no-superior")?;
    let moved = service.published::<DispatchHandedOver>().await?;
    let chain: Vec<_> = moved
        .iter()
        .map(|m| (m.from_organisation, m.to_organisation))
        .collect();
    assert_eq!(chain, [(village, town), (town, county)]);
    assert!(moved.iter().all(|m| m.mode == DispatchMode::ReportUp));
    assert!(!serde_json::to_string(&service.events().await?)?.contains("双方分歧大"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_needs_both_signatures_and_no_proceeding() -> Result<()> {
    let service = support::start().await?;
    let organisation = support::organisation(&service, VILLAGE).await?;
    let (case_id, order) = signed_by(&service, organisation).await?;
    let to = support::organisation(&service, COUNTY).await?;
    let elsewhere = support::organisation(&service, OTHER_COUNTY).await?;
    let officer = service.role_in("organisation_officer", organisation);
    let path = format!("/triage/v1/cases/{case_id}/hand-over");
    let body = |to: OrganisationId| json!({ "to_organisation": to, "explanation": "专业性强" });
    for (to, status, code) in [
        (elsewhere, 422, "target-not-entitled"),
        (support::id(), 422, "unknown-organisation"),
        (organisation, 409, "assists-already"),
    ] {
        let answer = service.post(&path, &officer, body(to)).await?;
        answer.expect_problem(status, code)?;
    }
    let proceeding_id: ProceedingId = support::id();
    let (region, opened_at) = (COUNTY.parse()?, service.time.now());
    let opened = MediationOpened {
        proceeding_id,
        case_id,
        region,
        order_id: order.parse()?,
        organisation_id: organisation,
        opened_at,
    };
    service
        .publish(Service::Mediation, case_id, &opened)
        .await?;
    service.settle().await?;
    let answer = service.post(&path, &officer, body(to)).await?;
    answer.expect_problem(409, "work-begun")?;
    let ended = MediationEnded {
        proceeding_id,
        case_id,
        region,
        end_code: "large_gap".to_owned(),
        outcome: MediationOutcome::Failed,
        other_ways: Vec::new(),
        ended_at: opened_at,
    };
    service.publish(Service::Mediation, case_id, &ended).await?;
    service.settle().await?;
    let offered = service.post(&path, &officer, body(to)).await?.expect(201)?;
    let offered = offered["id"].as_str().unwrap();
    // Taken back, the case stays where it was.
    let recall = format!("/triage/v1/orders/{offered}/recall");
    service
        .post(&recall, &service.role("coordinator"), json!({}))
        .await?
        .expect(200)?;
    assert_eq!(support::view(&service, case_id).await?["state"], "signed");
    let answer = act(&service, offered, "sign", to, json!({})).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    let again = service.post(&path, &officer, body(to)).await?.expect(201)?;
    let again = again["id"].as_str().unwrap();
    // Offered, and mediated again before the other signs: it waits until that has ended.
    let opened = MediationOpened {
        proceeding_id: support::id(),
        ..opened
    };
    service
        .publish(Service::Mediation, case_id, &opened)
        .await?;
    service.settle().await?;
    let answer = act(&service, again, "sign", to, json!({})).await?;
    answer.expect_problem(409, "work-begun")?;
    let ended = MediationEnded {
        proceeding_id: opened.proceeding_id,
        ..ended
    };
    service.publish(Service::Mediation, case_id, &ended).await?;
    service.settle().await?;
    act(&service, again, "sign", to, json!({}))
        .await?
        .expect(200)?;
    assert_eq!(service.published::<DispatchHandedOver>().await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assisting_organisation_works_along() -> Result<()> {
    let service = support::start().await?;
    let host = support::organisation(&service, VILLAGE).await?;
    let (case_id, _) = signed_by(&service, host).await?;
    let helper = support::organisation_for(&service, TOWN, "arbitration").await?;
    let centre = service.role("coordinator");
    let path = format!("/triage/v1/cases/{case_id}/assist");
    let body = json!({ "organisation": helper, "duty": "提供土地登记资料" });
    let answer = service
        .post(
            &path,
            &centre,
            json!({ "organisation": helper, "duty": " " }),
        )
        .await?;
    answer.expect_problem(422, "text-required")?;
    let order = service
        .post(&path, &centre, body.clone())
        .await?
        .expect(201)?;
    let answer = service.post(&path, &centre, body).await?;
    answer.expect_problem(409, "assists-already")?;
    let order = order["id"].as_str().unwrap();
    act(&service, order, "sign", helper, json!({}))
        .await?
        .expect(200)?;
    let answer = act(
        &service,
        order,
        "return",
        helper,
        json!({ "reason": "other", "explanation": "无" }),
    )
    .await?;
    answer.expect_problem(409, "order-not-returnable")?;
    let officer = service.role_in("organisation_officer", helper);
    let own = service
        .get("/triage/v1/cases", &officer)
        .await?
        .expect(200)?;
    assert_eq!(own["items"][0]["organisation_id"], json!(host));
    // It works along; it does not answer for the case.
    let over = json!({ "to_organisation": helper, "explanation": "移交" });
    let hand_over = format!("/triage/v1/cases/{case_id}/hand-over");
    let answer = service.post(&hand_over, &officer, over).await?;
    answer.expect_problem(409, "organisation-not-accountable")?;
    assert_eq!(service.published::<AssistAsked>().await?.len(), 1);
    assert_eq!(service.published::<AssistSigned>().await?.len(), 1);

    let undecided = support::case(&service).await?;
    let path = format!("/triage/v1/cases/{undecided}/assist");
    let body = json!({ "organisation": helper, "duty": "提供资料" });
    let answer = service.post(&path, &centre, body).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    Ok(())
}
