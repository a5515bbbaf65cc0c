//! Another node answers for a case, and hands it back.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    Service,
    events::federation::AccountabilityMoved,
    ids::{CaseId, OrganisationId},
    region::RegionCode,
};
use serde_json::{Value, json};

use crate::support::{self, COUNTY, Triaging};

const CITY: &str = "3304";

async fn moved(service: &Triaging, case_id: CaseId, from: &str, to: &str) -> Result<()> {
    let event = AccountabilityMoved {
        case_id,
        from_node: from.parse()?,
        to_node: to.parse()?,
        request_id: support::id(),
        at: service.time.now(),
    };
    service
        .publish(Service::Federation, case_id, &event)
        .await?;
    service.settle().await
}

/// Every command about a case or an order: path, role, the organisation it is bound to, body.
fn commands(
    case: CaseId,
    order: &str,
    organisation: OrganisationId,
) -> Vec<(String, &'static str, Option<OrganisationId>, Value)> {
    let of_case = |command: &str| format!("/triage/v1/cases/{case}/{command}");
    let of_order = |command: &str| format!("/triage/v1/orders/{order}/{command}");
    let officer = |path, body| (path, "triage_officer", None, body);
    let receiver = |path, body| (path, "organisation_officer", Some(organisation), body);
    let coordinator = |path, body| (path, "coordinator", None, body);
    let colour = json!({ "colour": "red", "reason": "情况变化" });
    let duty = json!({ "organisation": organisation, "duty": "协助核实" });
    let handing = json!({ "to_organisation": organisation, "explanation": "不属本单位职责" });
    vec![
        officer(of_case("dispatch"), support::dispatch_to(organisation)),
        officer(of_case("assist"), duty),
        receiver(of_order("sign"), json!({})),
        receiver(
            of_order("return"),
            json!({ "reason": "not_competent", "explanation": "不属本单位职责" }),
        ),
        officer(of_order("recall"), json!({})),
        officer(of_order("return/approve"), json!({})),
        officer(of_order("return/reject"), json!({ "reason": "属于其职责" })),
        receiver(of_case("hand-over"), handing),
        officer(
            of_case("studies"),
            json!({ "level": "post", "opinion": "疑难" }),
        ),
        officer(of_case("raise-risk"), colour.clone()),
        coordinator(of_case("lower-risk"), colour),
        coordinator(of_case("urge"), json!({ "note": "请抓紧" })),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_not_worked_on_while_another_node_answers_for_it() -> Result<()> {
    let service = support::start().await?;
    let own: RegionCode = *service.db()?.node();
    let waiting = support::case(&service).await?;
    let (dispatched, order, organisation) = support::order(&service).await?;
    let officer = service.role("triage_officer");
    let receiver = service.role_in("organisation_officer", organisation);
    let sign = format!("/triage/v1/orders/{order}/sign");
    let decide = format!("/triage/v1/cases/{waiting}/decide");
    let choice = support::choice(&service, waiting).await?;
    let due = support::view(&service, waiting).await?["decide_due_at"].clone();
    let clocks = |state: &str| format!("clocks WHERE state = '{state}'");
    assert_eq!(service.count(&clocks("running")).await?, 2);

    for case in [waiting, dispatched] {
        moved(&service, case, own.as_str(), CITY).await?;
    }
    // One that is not here is no fault.
    moved(&service, support::id(), own.as_str(), CITY).await?;
    assert_eq!(service.count(&clocks("running")).await?, 0);
    assert_eq!(service.count(&clocks("paused")).await?, 2);
    let before = service.events().await?.len();
    let refused = service.post(&decide, &officer, choice.clone()).await?;
    refused.expect_problem(409, "case-elsewhere")?;
    for (path, role, organisation, body) in commands(dispatched, &order, organisation) {
        let token = match organisation {
            Some(organisation) => service.role_in(role, organisation),
            None => service.role(role),
        };
        let refused = service.post(&path, &token, body).await?;
        let problem = refused.expect_problem(409, "case-elsewhere");
        problem.map_err(|error| error.context(path.clone()))?;
    }
    assert_eq!(service.events().await?.len(), before);
    let list = service
        .get("/triage/v1/cases", &officer)
        .await?
        .expect(200)?;
    assert_eq!(list["items"], json!([]));

    // A week later it is back, and goes on where it stood: its end has moved by the week.
    service.time.set(service.time.now() + Duration::days(7));
    for case in [waiting, dispatched] {
        moved(&service, case, CITY, own.as_str()).await?;
    }
    assert_eq!(service.count(&clocks("running")).await?, 2);
    let later = support::view(&service, waiting).await?["decide_due_at"].clone();
    let day = |at: &Value| {
        at.as_str()
            .unwrap_or_default()
            .parse::<chrono::DateTime<chrono::Utc>>()
    };
    assert_eq!(day(&later)? - day(&due)?, Duration::days(7));
    service.post(&decide, &officer, choice).await?.expect(200)?;
    service
        .post(&sign, &receiver, json!({}))
        .await?
        .expect(200)?;
    let list = service
        .get("/triage/v1/cases", &officer)
        .await?
        .expect(200)?;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ran_out_before_is_overdue_again_when_the_case_is_back() -> Result<()> {
    let service = support::start().await?;
    let own: RegionCode = *service.db()?.node();
    let case = support::case_in(&service, COUNTY).await?;
    service.time.set(service.time.now() + Duration::days(30));
    testkit::service::eventually("the time for the decision is over", async || {
        Ok(service.count("clocks WHERE state = 'breached'").await? == 1)
    })
    .await?;
    moved(&service, case, own.as_str(), CITY).await?;
    assert_eq!(service.count("clocks WHERE state = 'breached'").await?, 0);
    moved(&service, case, CITY, own.as_str()).await?;
    let overdue = "clocks WHERE state = 'breached' AND ended_at IS NULL AND paused_at IS NULL";
    assert_eq!(service.count(overdue).await?, 1);
    Ok(())
}
