//! Messages to organisations: who is told what, once, and who reads it.

use anyhow::{Context as _, Result};
use chrono::Duration;
use contracts::{
    Service as From,
    events::triage::{
        AssistAsked, ConsultationCalled, DispatchRecalled, DispatchUrged, SupervisionFault,
        SupervisionIssued,
    },
    ids::OrganisationId,
    region::RegionCode,
};
use serde_json::{Value, json};

use crate::support::*;

async fn list(service: &Service, token: &str, query: &str) -> Result<Vec<Value>> {
    let path = format!("/intake/v1/organisation-messages?{query}");
    let page = service.get(&path, token).await?.expect(200)?;
    Ok(page["items"].as_array().context("items")?.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_told_of_what_it_is_to_do() -> Result<()> {
    let service = Service::start().await?;
    let (_, case_id) = accepted(&service).await?;
    let (office, now) = (organisation(), service.time.now());
    let region: RegionCode = "620602".parse()?;
    let assisting: OrganisationId = service.time.id();
    // What happened longer ago than the policy pack says is told nobody.
    dispatched(&service, case_id, office, now - Duration::days(30)).await?;
    dispatched(&service, case_id, office, now).await?;
    let asked = AssistAsked {
        order_id: service.time.id(),
        case_id,
        region,
        organisation_id: assisting,
        due_at: "2026-09-08T16:00:00Z".parse()?,
        asked_at: now,
    };
    let recalled = DispatchRecalled {
        order_id: service.time.id(),
        case_id,
        region,
        organisation_id: office,
        recalled_at: now,
    };
    let urged = |organisation_id: Option<OrganisationId>| DispatchUrged {
        urge_id: service.time.id(),
        case_id,
        region,
        organisation_id,
        clock: None,
        urged_at: now,
    };
    let supervised = SupervisionIssued {
        supervision_id: service.time.id(),
        case_id,
        region,
        organisation_id: Some(office),
        fault: SupervisionFault::ShouldHandle,
        listed: false,
        urgent: true,
        clock: None,
        reply_due_at: "2026-09-04T16:00:00Z".parse()?,
        issued_at: now,
    };
    let called = ConsultationCalled {
        consultation_id: service.time.id(),
        case_id,
        region,
        organisations: vec![assisting, office],
        urgent: true,
        report_in_due_at: "2026-09-01T10:00:00Z".parse()?,
        meet_due_at: "2026-09-03T10:00:00Z".parse()?,
        called_at: now,
    };
    service.publish(From::Triage, case_id, &called).await?;
    service.publish(From::Triage, case_id, &asked).await?;
    service
        .publish(From::Triage, case_id, &urged(Some(office)))
        .await?;
    // The centre itself is no organisation.
    service.publish(From::Triage, case_id, &urged(None)).await?;
    let event = service.time.id();
    for _ in 0..2 {
        service
            .publish_as(event, From::Triage, case_id, &supervised)
            .await?;
    }
    service.publish(From::Triage, case_id, &recalled).await?;
    service.settle().await?;

    let officer = service.role_in("organisation_officer", office);
    let told = list(&service, &officer, "").await?;
    let mut templates: Vec<_> = told.iter().map(|told| told["template"].as_str()).collect();
    templates.sort_unstable();
    assert_eq!(
        templates,
        [
            Some("consultation_called"),
            Some("order_issued"),
            Some("order_recalled"),
            Some("supervised"),
            Some("urged")
        ]
    );
    let supervised = told
        .iter()
        .find(|told| told["template"] == "supervised")
        .context("supervised")?;
    let zh = text(supervised, "/zh")?;
    assert!(
        zh.contains("枫受字第000001号") && zh.contains("2026-09-04"),
        "{zh}"
    );
    for message in &told {
        let zh = text(message, "/zh")?;
        assert!(
            !zh.contains('{') && !zh.contains("空调") && !zh.contains("张三"),
            "{zh}"
        );
    }
    // Each organisation its own; the coordinator those of the region; nobody those of another region.
    let other = service.role_in("organisation_officer", assisting);
    let others = list(&service, &other, "").await?;
    assert_eq!(
        (others.len(), &others[0]["template"]),
        (2, &json!("assist_asked"))
    );
    assert!(
        text(&others[0], "/zh")?.contains("2026-09-08"),
        "{others:?}"
    );
    assert_eq!(
        list(&service, &service.role("coordinator"), "")
            .await?
            .len(),
        7
    );
    let elsewhere = service
        .token()
        .roles(["organisation_officer"])
        .organisation(office)
        .region("620621")
        .sign()?;
    assert!(list(&service, &elsewhere, "").await?.is_empty());

    let read = format!(
        "/intake/v1/organisation-messages/{}/read",
        text(supervised, "/id")?
    );
    service
        .post(&read, &other, json!({}))
        .await?
        .expect_problem(404, "not-found")?;
    service
        .post(&read, &service.role("coordinator"), json!({}))
        .await?
        .expect_problem(403, "forbidden")?;
    let first = service
        .post(&read, &officer, json!({}))
        .await?
        .expect(200)?;
    service.time.advance(Duration::hours(1));
    let again = service
        .post(&read, &officer, json!({}))
        .await?
        .expect(200)?;
    assert_eq!(
        (&first["read_at"], first["read_at"].is_string()),
        (&again["read_at"], true)
    );
    assert_eq!(list(&service, &officer, "read=false").await?.len(), 4);
    assert_eq!(list(&service, &officer, "read=true").await?.len(), 1);
    Ok(())
}
