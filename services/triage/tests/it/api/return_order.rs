//! Returning, recalling and designating: what is stored, published and refused. The rules alone are in `domain_returns`.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    Service,
    events::{
        mediation::MediationOpened,
        triage::{
            DispatchIssued, DispatchMode, DispatchRecalled, DispatchReturnAsked,
            DispatchReturnRejected, DispatchReturned,
        },
    },
    ids::{CaseId, OrganisationId},
};
use serde_json::{Value, json};

use crate::support::{self, COUNTY, Triaging};

fn why() -> Value {
    json!({ "reason": "not_competent", "explanation": "  不属于本单位职权范围  " })
}

fn order_path(order: &str, act: &str) -> String {
    format!("/triage/v1/orders/{order}/{act}")
}

async fn ask(service: &Triaging, order: &str, organisation: OrganisationId) -> Result<Value> {
    let officer = service.role_in("organisation_officer", organisation);
    let path = order_path(order, "return");
    service.post(&path, &officer, why()).await?.expect(200)
}

async fn dispatch(service: &Triaging, case_id: CaseId, to: OrganisationId) -> Result<Value> {
    let path = format!("/triage/v1/cases/{case_id}/dispatch");
    let officer = service.role("triage_officer");
    let answer = service
        .post(&path, &officer, support::dispatch_to(to))
        .await?;
    answer.expect(201)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_case_is_decided_anew_and_goes_to_the_next_until_it_is_designated() -> Result<()>
{
    let service = support::start().await?;
    let (case_id, order, first) = support::order(&service).await?;
    let centre = service.role("triage_officer");
    let asked = ask(&service, &order, first).await?;
    assert_eq!(
        (&asked["state"], &asked["version"]),
        (&json!("return_asked"), &json!(2))
    );
    assert_eq!(
        support::clock_states(&service, "dispatch.sign").await?,
        ["stopped"]
    );
    let running = support::clock_states(&service, "dispatch.return_decide").await?;
    assert_eq!(running, ["running"]);
    let approve = order_path(&order, "return/approve");
    let answer = service.post(&approve, &centre, json!({})).await?;
    assert_eq!(answer.expect(200)?["state"], "returned");
    let answer = service.post(&approve, &centre, json!({})).await?;
    answer.expect_problem(409, "transition-not-allowed")?;

    let view = support::view(&service, case_id).await?;
    assert_eq!(view["state"], "triaged");
    let kept = &view["returns"][0];
    assert_eq!(
        (&kept["state"], &kept["reason"], &kept["explanation"]),
        (
            &json!("approved"),
            &json!("not_competent"),
            &json!("不属于本单位职权范围")
        )
    );
    let decide = format!("/triage/v1/cases/{case_id}/decide");
    let mut choice = support::choice(&service, case_id).await?;
    choice["track"] = json!("complex");
    service.post(&decide, &centre, choice).await?.expect(200)?;
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["decision"]["track"], "complex");
    assert_eq!(view["past_decisions"].as_array().map(Vec::len), Some(1));

    let second = support::organisation(&service, COUNTY).await?;
    let next = dispatch(&service, case_id, second).await?;
    let next = next["id"].as_str().unwrap();
    ask(&service, next, second).await?;
    service
        .post(&order_path(next, "return/approve"), &centre, json!({}))
        .await?
        .expect(200)?;
    let path = format!("/triage/v1/cases/{case_id}/dispatch");
    let answer = service
        .post(&path, &centre, support::dispatch_to(first))
        .await?;
    answer.expect_problem(409, "designation-required")?;

    let designate = format!("/triage/v1/cases/{case_id}/designate");
    let body = json!({ "to_organisation": first });
    let answer = service.post(&designate, &centre, body.clone()).await?;
    answer.expect_problem(403, "forbidden")?;
    let coordinator = service.role("coordinator");
    let designated = service
        .post(&designate, &coordinator, body)
        .await?
        .expect(201)?;
    assert_eq!(designated["mode"], "designate");
    let last = designated["id"].as_str().unwrap();
    let officer = service.role_in("organisation_officer", first);
    let answer = service
        .post(&order_path(last, "return"), &officer, why())
        .await?;
    answer.expect_problem(409, "designated-not-returnable")?;

    let view = support::view(&service, case_id).await?;
    let states: Vec<_> = view["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["state"].clone())
        .collect();
    assert_eq!(states, ["returned", "returned", "issued"]);
    assert_eq!(service.published::<DispatchReturnAsked>().await?.len(), 2);
    let returned = service.published::<DispatchReturned>().await?;
    let required: Vec<_> = returned
        .iter()
        .map(|event| event.designation_required)
        .collect();
    assert_eq!(required, [false, true]);
    let issued = service.published::<DispatchIssued>().await?;
    assert_eq!(issued[2].mode, DispatchMode::Designate);
    // No words of theirs leave the service.
    assert!(!serde_json::to_string(&service.events().await?)?.contains("职权范围"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_return_leaves_the_order_and_cannot_be_asked_again() -> Result<()> {
    let service = support::start().await?;
    let (case_id, order, organisation) = support::order(&service).await?;
    let officer = service.role_in("organisation_officer", organisation);
    let centre = service.role("coordinator");
    let reject = order_path(&order, "return/reject");
    let because = json!({ "reason": "职权范围内" });
    let answer = service.post(&reject, &centre, because.clone()).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    ask(&service, &order, organisation).await?;
    let sign = order_path(&order, "sign");
    let answer = service.post(&sign, &officer, json!({})).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    let answer = service
        .post(&reject, &centre, json!({ "reason": " " }))
        .await?;
    let problem = answer.expect_problem(422, "text-required")?;
    assert_eq!(problem["pointer"], "/reason");
    service.time.advance(Duration::hours(20));
    let kept = service.post(&reject, &centre, because).await?.expect(200)?;
    assert_eq!(kept["state"], "issued");
    assert_eq!(
        kept["sign_due_at"], "2026-09-03T16:00:00Z",
        "the whole time again"
    );
    assert_eq!(
        support::clock_states(&service, "dispatch.sign").await?,
        ["running"]
    );
    service
        .post(&sign, &officer, json!({}))
        .await?
        .expect(200)?;
    let answer = service
        .post(&order_path(&order, "return"), &officer, why())
        .await?;
    answer.expect_problem(409, "return-already-asked")?;
    let view = support::view(&service, case_id).await?;
    assert_eq!(
        (&view["state"], &view["returns"][0]["answer"]),
        (&json!("signed"), &json!("职权范围内"))
    );
    let rejected = service.published::<DispatchReturnRejected>().await?;
    assert_eq!((rejected.len(), rejected[0].signed), (1, false));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_or_asked_by_others_or_too_late_is_not_returned() -> Result<()> {
    let service = support::start().await?;
    let (case_id, order, organisation) = support::order(&service).await?;
    let officer = service.role_in("organisation_officer", organisation);
    let path = order_path(&order, "return");
    for (field, value, code) in [
        ("reason", "because", "unknown-return-reason"),
        ("explanation", " ", "text-required"),
    ] {
        let mut body = why();
        body[field] = json!(value);
        let problem = service
            .post(&path, &officer, body)
            .await?
            .expect_problem(422, code)?;
        assert_eq!(problem["pointer"], format!("/{field}"));
    }
    let stranger = service.role_in("organisation_officer", support::id::<OrganisationId>());
    service
        .post(&path, &stranger, why())
        .await?
        .expect_problem(404, "not-found")?;
    let centre = service.role("triage_officer");
    service
        .post(&path, &centre, why())
        .await?
        .expect_problem(403, "forbidden")?;

    service
        .post(&order_path(&order, "sign"), &officer, json!({}))
        .await?
        .expect(200)?;
    ask(&service, &order, organisation).await?;
    // It had begun before its own desk knew of the return.
    let opened = MediationOpened {
        proceeding_id: support::id(),
        case_id,
        region: COUNTY.parse()?,
        order_id: order.parse()?,
        organisation_id: organisation,
        opened_at: service.time.now(),
    };
    service
        .publish(Service::Mediation, case_id, &opened)
        .await?;
    service.settle().await?;
    let answer = service
        .post(&order_path(&order, "return/approve"), &centre, json!({}))
        .await?;
    answer.expect_problem(409, "work-begun")?;

    let (_, late) = support::order_to(&service, organisation).await?;
    service.time.advance(Duration::days(8));
    let answer = service
        .post(&order_path(&late, "return"), &officer, why())
        .await?;
    answer.expect_problem(409, "return-window-over")?;
    assert!(service.published::<DispatchReturned>().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_recalled_until_it_is_signed_for() -> Result<()> {
    let service = support::start().await?;
    let (case_id, order, organisation) = support::order(&service).await?;
    let centre = service.role("triage_officer");
    let recall = order_path(&order, "recall");
    let recalled = service
        .post(&recall, &centre, json!({}))
        .await?
        .expect(200)?;
    assert_eq!(recalled["state"], "recalled");
    assert_eq!(
        support::clock_states(&service, "dispatch.sign").await?,
        ["stopped"]
    );
    let officer = service.role_in("organisation_officer", organisation);
    let answer = service
        .post(&order_path(&order, "sign"), &officer, json!({}))
        .await?;
    answer.expect_problem(409, "transition-not-allowed")?;

    let next = dispatch(&service, case_id, organisation).await?;
    let next = next["id"].as_str().unwrap();
    service
        .post(&order_path(next, "sign"), &officer, json!({}))
        .await?
        .expect(200)?;
    let answer = service
        .post(&order_path(next, "recall"), &centre, json!({}))
        .await?;
    answer.expect_problem(409, "already-signed")?;
    assert_eq!(service.published::<DispatchRecalled>().await?.len(), 1);
    Ok(())
}
