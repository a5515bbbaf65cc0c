//! What other services tell.

use anyhow::Result;
use contracts::{
    Service,
    events::intake::{CaseMerged, CasePartiesChanged},
    ids::EventId,
};
use serde_json::json;

use crate::support::{self, COUNTY, id};

#[tokio::test(flavor = "multi_thread")]
async fn each_fact_told_twice_has_its_effect_once() -> Result<()> {
    let desk = support::start().await?;
    let (accepted, signed) = support::facts(COUNTY, "neighbour", desk.organisation);
    let (first, second) = (id::<EventId>(), id::<EventId>());
    for _ in 0..2 {
        desk.service
            .publish_as(first, Service::Intake, accepted.case_id, &accepted)
            .await?;
        desk.service
            .publish_as(second, Service::Triage, signed.case_id, &signed)
            .await?;
    }
    // The same facts under other ids, as after a replay from a restored database.
    desk.service
        .publish(Service::Intake, accepted.case_id, &accepted)
        .await?;
    desk.service
        .publish(Service::Triage, signed.case_id, &signed)
        .await?;
    desk.service.settle().await?;
    assert_eq!(desk.service.count("cases").await?, 1);
    assert_eq!(desk.service.count("orders").await?, 1);
    assert_eq!(desk.service.count("inbox").await?, 4);
    desk.post("/proceedings", json!({ "order_id": signed.order_id }))
        .await?
        .expect(201)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_arrives_before_its_case_waits_for_it() -> Result<()> {
    let desk = support::start().await?;
    let (accepted, signed) = support::facts(COUNTY, "neighbour", desk.organisation);
    desk.service
        .publish(Service::Triage, signed.case_id, &signed)
        .await?;
    desk.service.settle().await?;
    let body = json!({ "order_id": signed.order_id });
    desk.post("/proceedings", body.clone())
        .await?
        .expect_problem(409, "unknown-order")?;
    desk.service
        .publish(Service::Intake, accepted.case_id, &accepted)
        .await?;
    desk.service.settle().await?;
    desk.post("/proceedings", body).await?.expect(201)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_case_gets_no_proceeding_and_a_split_one_only_who_stayed() -> Result<()> {
    let desk = support::start().await?;
    let (merged, signed) = support::facts(COUNTY, "neighbour", desk.organisation);
    let (split, stays) = support::facts(COUNTY, "neighbour", desk.organisation);
    // The signature is told after the merging: it changes nothing.
    let merging = CaseMerged {
        case_id: merged.case_id,
        into_case_id: split.case_id,
        region: merged.region,
        matter_ids: vec![merged.matter_id],
        merged_at: desk.service.time.now(),
    };
    for event in [&merged, &split] {
        desk.service
            .publish(Service::Intake, event.case_id, event)
            .await?;
    }
    desk.service
        .publish(Service::Intake, merged.case_id, &merging)
        .await?;
    let left = split.parties[..1].to_vec();
    let changed = CasePartiesChanged {
        case_id: split.case_id,
        region: split.region,
        parties: left.clone(),
        changed_at: desk.service.time.now(),
    };
    desk.service
        .publish(Service::Intake, split.case_id, &changed)
        .await?;
    for event in [&signed, &stays] {
        desk.service
            .publish(Service::Triage, event.case_id, event)
            .await?;
    }
    desk.service.settle().await?;
    desk.post("/proceedings", json!({ "order_id": signed.order_id }))
        .await?
        .expect_problem(409, "case-merged")?;
    let view = desk
        .post("/proceedings", json!({ "order_id": stays.order_id }))
        .await?
        .expect(201)?;
    assert_eq!(
        view["parties"].as_array().map(Vec::len),
        Some(left.len()),
        "{view}"
    );
    Ok(())
}
