//! A matter was accepted.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    Service,
    events::{clock::ClockBreached, triage::TriageProposed},
    ids::EventId,
};
use serde_json::json;

use crate::support::{self, COUNTY};

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_propose_with_their_reasons() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["state"], "accepted");
    assert_eq!(view["version"], 1);
    assert_eq!(view["region"], COUNTY);
    assert_eq!(view["decision"], json!(null));
    assert_eq!(view["orders"], json!([]));
    let proposal = &view["proposal"];
    assert_eq!(proposal["type_code"], "neighbour");
    assert_eq!(proposal["route"], "peoples_mediation");
    let reasons = proposal["reasons"].as_array().unwrap();
    let words: Vec<_> = reasons
        .iter()
        .flat_map(|reason| reason["matched_words"].as_array().unwrap())
        .collect();
    assert!(words.contains(&&json!("漏水")), "{reasons:?}");
    assert!(reasons.iter().all(|reason| reason["rule_id"] != ""));
    assert!(
        reasons
            .iter()
            .all(|reason| !reason["text_zh"].as_str().unwrap().is_ascii())
    );

    let proposed = service.published::<TriageProposed>().await?;
    let [event] = proposed.as_slice() else {
        panic!("{proposed:?}")
    };
    assert_eq!(event.case_id, case_id);
    assert_eq!(json!(event.proposal_id), proposal["id"]);
    let rules: Vec<_> = reasons.iter().map(|reason| &reason["rule_id"]).collect();
    assert_eq!(json!(event.rule_ids), json!(rules));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_narrative_is_kept_nowhere() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let stored = support::view(&service, case_id).await?.to_string();
    let published = serde_json::to_string(&service.events().await?)?;
    for text in [stored, published] {
        assert!(!text.contains(support::PERSONAL), "{text}");
        assert!(!text.contains("天花板,"), "{text}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_delivered_twice_has_its_effect_once() -> Result<()> {
    let service = support::start().await?;
    let event = support::accepted(COUNTY, service.time.now());
    let event_id = support::id::<EventId>();
    for _ in 0..2 {
        service
            .publish_as(event_id, Service::Intake, event.case_id, &event)
            .await?;
    }
    service.settle().await?;
    assert_eq!(service.count("cases").await?, 1);
    assert_eq!(service.published::<TriageProposed>().await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_matter_of_a_case_changes_nothing() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let before = support::view(&service, case_id).await?;
    let mut second = support::accepted(COUNTY, service.time.now());
    second.case_id = case_id;
    service.publish(Service::Intake, case_id, &second).await?;
    service.settle().await?;
    assert_eq!(support::view(&service, case_id).await?, before);
    assert_eq!(service.published::<TriageProposed>().await?.len(), 1);
    assert_eq!(service.count("proposals").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn several_cases_at_once_each_get_a_proposal() -> Result<()> {
    let service = support::start().await?;
    for _ in 0..12 {
        let event = support::accepted(COUNTY, service.time.now());
        service
            .publish(Service::Intake, event.case_id, &event)
            .await?;
    }
    service.settle().await?;
    assert_eq!(service.count("cases").await?, 12);
    assert_eq!(service.published::<TriageProposed>().await?.len(), 12);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_decision_is_due_one_working_day_after_the_acceptance() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let view = support::view(&service, case_id).await?;
    // Accepted on Tuesday 2026-09-01: the end of Wednesday in Beijing.
    assert_eq!(view["decide_due_at"], "2026-09-02T16:00:00Z");
    assert_eq!(
        support::clock_states(&service, "triage.decide").await?,
        ["running"]
    );
    service.time.advance(Duration::days(3));
    testkit::service::eventually("the clock ran out", async || {
        Ok(service.published::<ClockBreached>().await?.len() == 1)
    })
    .await?;
    let breached = service.published::<ClockBreached>().await?;
    assert_eq!(breached[0].case_id, case_id);
    assert_eq!(breached[0].kind, "triage.decide");
    Ok(())
}
