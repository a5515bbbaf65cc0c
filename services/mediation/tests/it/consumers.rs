//! What other services tell.

use anyhow::Result;
use contracts::{
    Service,
    events::{
        federation::AccountabilityMoved,
        intake::{CaseMerged, CasePartiesChanged},
    },
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

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_another_node_answers_for_is_not_mediated() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.opened().await?;
    let (accepted, signed) = support::facts(COUNTY, "neighbour", desk.organisation);
    let service = &desk.service;
    service
        .publish(Service::Intake, accepted.case_id, &accepted)
        .await?;
    service
        .publish(Service::Triage, signed.case_id, &signed)
        .await?;
    let own = *service.db()?.node();
    let moved = async |case_id, from: &str, to: &str| {
        let event = AccountabilityMoved {
            case_id,
            from_node: from.parse()?,
            to_node: to.parse()?,
            request_id: id(),
            at: service.time.now(),
        };
        service.publish(Service::Federation, case_id, &event).await
    };
    for case_id in [case.id, accepted.case_id] {
        moved(case_id, own.as_str(), "3304").await?;
    }
    service.settle().await?;
    let open = json!({ "order_id": signed.order_id });
    let refused = desk.post("/proceedings", open.clone()).await?;
    let problem = refused.expect_problem(409, "case-elsewhere")?;
    assert_eq!(problem["pointer"], "/order_id");
    let start = format!("/proceedings/{proceeding}/start");
    let body = json!({ "mediator_ids": [desk.mediator] });
    desk.post(&start, body.clone())
        .await?
        .expect_problem(409, "case-elsewhere")?;

    for case_id in [case.id, accepted.case_id] {
        moved(case_id, "3304", own.as_str()).await?;
    }
    service.settle().await?;
    desk.post("/proceedings", open).await?.expect(201)?;
    // It goes on where it stood: the parties have not consented yet.
    desk.post(&start, body)
        .await?
        .expect_problem(409, "consent-missing")?;
    Ok(())
}
