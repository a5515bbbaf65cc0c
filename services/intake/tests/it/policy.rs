//! What a superior hands down is in force in every process of a service, also after a start.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Result, ensure};
use contracts::{
    Service as From,
    events::federation::PolicyAdopted,
    ids::{CaseId, TypedId as _},
};
use policy::HandedDown;
use serde_json::json;
use testkit::service::eventually;
use uuid::Uuid;

use crate::support::*;

/// The province lets a narrative have so many characters.
fn adopted(narrative_max: u32) -> PolicyAdopted {
    let limits = format!("narrative_max: {narrative_max}\n");
    let files = BTreeMap::from([("regions/62/limits.yaml".to_owned(), limits)]);
    let handed_down = HandedDown::new(files);
    PolicyAdopted {
        by: "62".parse().unwrap(),
        version: handed_down.version,
        files: handed_down.files,
    }
}

/// Whether a narrative of 19 characters is too long.
async fn too_long(service: &Service) -> Result<bool> {
    let clerk = service.role("window_clerk");
    let reply = service
        .post(
            "/intake/v1/matters",
            &clerk,
            dispute_with(
                "/narrative",
                json!("邻居家的空调外机整夜轰鸣，多次沟通无果"),
            ),
        )
        .await?;
    ensure!(
        reply.status == 201 || reply.status == 422,
        "{}",
        reply.status
    );
    Ok(reply.status == 422)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_superior_hands_down_comes_into_force_while_the_service_runs() -> Result<()> {
    let mut service = Service::start_with(|config| {
        config.policy.poll_interval = Duration::from_millis(100);
    })
    .await?;
    ensure!(!too_long(&service).await?);
    let about = CaseId::from_uuid(Uuid::from_u128(1));
    service
        .publish(From::Federation, about, &adopted(10))
        .await?;
    eventually("the shorter limit is in force", async || {
        too_long(&service).await
    })
    .await?;
    service.restart_with(|_| {}).await?;
    ensure!(too_long(&service).await?, "still after a start");
    service
        .publish(From::Federation, about, &adopted(100))
        .await?;
    eventually("the longer limit is in force", async || {
        Ok(!too_long(&service).await?)
    })
    .await
}
